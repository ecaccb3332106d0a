package load

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Env is what the go command says about one directory.
type Env struct {
	Dir        string `json:"-"` // the working directory, absolute
	Root       string `json:"-"` // where go list runs, see root
	GOARCH     string
	GOROOT     string
	GOMODCACHE string
	GOMOD      string // the go.mod file that holds Dir, if any
	GOWORK     string // the go.work file, if any
}

// GoEnv asks the go command about dir, an absolute directory. Its errors
// are complete sentences for users: no go command, a toolchain too old for
// the module.
func GoEnv(ctx context.Context, dir string) (*Env, error) {
	out, err := goCommand(ctx, dir, "env", "-json", "GOARCH", "GOROOT", "GOMODCACHE", "GOMOD", "GOWORK").Output()
	if err != nil {
		return nil, goError(err)
	}
	env := &Env{Dir: dir}
	if err := json.Unmarshal(out, env); err != nil {
		return nil, fmt.Errorf("reading the output of go env: %w", err)
	}
	env.Root = env.root()
	return env, nil
}

// root returns the directory to run go list in: the same for all
// directories of a workspace or module. The build cache keeps the
// compiler's text as it was first printed, with file names relative to the
// directory that the go command ran in then; later runs replay it as it is.
func (e *Env) root() string {
	for _, file := range []string{e.GOWORK, e.GOMOD} {
		if file != "" && file != "off" && file != os.DevNull {
			return filepath.Dir(file)
		}
	}
	return filepath.VolumeName(e.Dir) + string(filepath.Separator)
}

// fromRoot returns pattern, which is meant in e.Dir, as it is to be
// written in e.Root.
func (e *Env) fromRoot(pattern string) string {
	path := filepath.Join(e.Dir, pattern)
	local := pattern == "." || pattern == ".." || strings.HasPrefix(pattern, "./") || strings.HasPrefix(pattern, "../")
	if strings.HasSuffix(pattern, ".go") { // a file, unless a package's path ends so: github.com/nats-io/nats.go
		_, err := os.Stat(path)
		local = local || err == nil
	}
	if !local || filepath.IsAbs(pattern) {
		return pattern
	}
	return path
}

// name shows a pattern that fromRoot changed as the user wrote it.
func (e *Env) name(path string) string {
	rel := e.Rel(path)
	if rel != path && !strings.HasPrefix(rel, ".") {
		return "./" + rel
	}
	return rel
}

// local shortens the file name that a line of the go command begins with,
// which is relative to e.Root.
func (e *Env) local(line string) string {
	name, rest, ok := strings.Cut(line, ":")
	if !ok || name == "" || strings.Contains(name, " ") {
		return line
	}
	abs := name
	if !filepath.IsAbs(abs) {
		abs = filepath.Join(e.Root, name)
	}
	if _, err := os.Stat(abs); err != nil {
		return line
	}
	return e.Rel(abs) + ":" + rest
}

// goCommand returns the command "go args..." run in dir.
func goCommand(ctx context.Context, dir string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = dir
	// In a directory reached through a symbolic link the go command names
	// files by the way in, as the user does, only if PWD tells it the way.
	cmd.Env = append(cmd.Environ(), "PWD="+dir)
	return cmd
}

// goError turns a failure of the go command into one line.
func goError(err error) error {
	var exit *exec.ExitError
	switch {
	case errors.Is(err, exec.ErrNotFound):
		return errors.New("there is no go command on PATH")
	case errors.As(err, &exit) && len(exit.Stderr) > 0:
		return errors.New(firstLine(string(exit.Stderr)))
	}
	return fmt.Errorf("running the go command: %w", err)
}

// firstLine returns the first line of a message of the go command that is
// not a "# package" header, and how many more there are.
func firstLine(text string) string {
	first, more := "", 0
	for line := range strings.Lines(text) {
		switch line = strings.TrimSpace(line); {
		case line == "" || strings.HasPrefix(line, "# "):
		case first == "":
			first = strings.TrimPrefix(line, "go: ")
		default:
			more++
		}
	}
	if more > 0 {
		return fmt.Sprintf("%s (and %d more lines)", first, more)
	}
	return first
}

// Rel returns name relative to the directory where that is shorter.
func (e *Env) Rel(name string) string {
	if !filepath.IsAbs(name) {
		return name
	}
	rel, err := filepath.Rel(e.Dir, name)
	if err != nil || len(rel) >= len(name) {
		return name
	}
	return rel
}

// Abs undoes [Env.Rel].
func (e *Env) Abs(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(e.Dir, name)
}
