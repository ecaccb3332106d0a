package gcfacts

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"
)

// defaultTimeout bounds one run of the go command or the compiler.
const defaultTimeout = 2 * time.Minute

// waitDelay is how long a killed go command may keep its pipes open through
// the compilers that it started.
const waitDelay = 2 * time.Second

// A toolchain runs the go command and the compiler behind it.
type toolchain struct {
	dir     string
	env     []string // nil stands for the environment of this process
	timeout time.Duration
}

// environ returns the environment of commands.
func (t *toolchain) environ() []string {
	if t.env == nil {
		return os.Environ()
	}
	return t.env
}

// lookup returns the value of an environment variable.
func (t *toolchain) lookup(name string) string {
	for _, kv := range slices.Backward(t.environ()) {
		if value, ok := strings.CutPrefix(kv, name+"="); ok {
			return value
		}
	}
	return ""
}

// unsupported returns an error if the go command's view of packages is not
// what the user builds.
func (t *toolchain) unsupported() error {
	if driver := t.lookup("GOPACKAGESDRIVER"); driver != "" && driver != "off" {
		return errors.New("compiler cross-check unavailable: GOPACKAGESDRIVER is set, packages are not built by the go command")
	}
	return nil
}

// timeLimit returns how long one command may take.
func (t *toolchain) timeLimit() time.Duration {
	if t.timeout > 0 {
		return t.timeout
	}
	return defaultTimeout
}

// goCommand returns the path of the go command on the PATH of t.env.
func (t *toolchain) goCommand() (string, error) {
	if t.env == nil {
		path, err := exec.LookPath("go")
		if err != nil {
			return "", errNoGo
		}
		return path, nil
	}
	for _, dir := range strings.Split(t.lookup("PATH"), string(os.PathListSeparator)) {
		if path, err := exec.LookPath(dir + string(os.PathSeparator) + "go"); dir != "" && err == nil {
			return path, nil
		}
	}
	return "", errNoGo
}

var errNoGo = errors.New("compiler cross-check unavailable: no go command")

// command prepares a run of the go command in dir.
func (t *toolchain) command(ctx context.Context, args ...string) (*exec.Cmd, error) {
	path, err := t.goCommand()
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Dir = t.dir
	cmd.Env = t.environ()
	if t.dir != "" {
		cmd.Env = append(slices.Clone(cmd.Env), "PWD="+t.dir)
	}
	cmd.WaitDelay = waitDelay
	return cmd, nil
}

// output runs the go command and returns what it prints.
func (t *toolchain) output(ctx context.Context, args ...string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, t.timeLimit())
	defer cancel()
	cmd, err := t.command(ctx, args...)
	if err != nil {
		return nil, err
	}
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, t.failure(ctx, "go "+args[0], err, stderr.String())
	}
	return out, nil
}

// failure turns the failure of a command into words for users.
func (t *toolchain) failure(ctx context.Context, what string, err error, stderr string) error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return fmt.Errorf("compiler cross-check unavailable: %s did not finish within %v", what, t.timeLimit())
	}
	if errors.Is(ctx.Err(), context.Canceled) {
		return fmt.Errorf("compiler cross-check unavailable: %w", ctx.Err())
	}
	if errors.Is(err, exec.ErrNotFound) {
		return errNoGo
	}
	if line := firstLine(stderr); line != "" {
		return fmt.Errorf("compiler cross-check unavailable: %s", line)
	}
	return fmt.Errorf("compiler cross-check unavailable: %s: %w", what, err)
}

// firstLine returns the first line of s that says something.
func firstLine(s string) string {
	for line := range strings.Lines(s) {
		line = strings.TrimSpace(line)
		if line != "" && !strings.HasPrefix(line, "# ") && !strings.HasPrefix(line, "go: downloading ") {
			return line
		}
	}
	return ""
}
