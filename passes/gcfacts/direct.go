package gcfacts

import (
	"context"
	"encoding/json"
	"fmt"
	"go/parser"
	"go/token"
	"go/version"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Direct is a [Source] that runs the compiler itself, on the files and the
// export data that it is given. It writes nothing into the build cache.
// With an Overlay it tells what an edit would change. It asks no [Canary].
type Direct struct {
	Path        string            // import path
	Dir         string            // the package's directory
	GoVersion   string            // the language version, "go1.26" or "go1.26.1"; "" is the compiler's own
	Files       []string          // absolute names of the Go files
	ImportMap   map[string]string // from the paths in import declarations to package paths; may leave out equal ones
	PackageFile map[string]string // from package paths to files with export data; direct imports suffice
	Overlay     map[string][]byte // contents to compile instead of the files of these names
	Env         []string          // nil is the environment of this process
	Timeout     time.Duration     // 0 is two minutes
}

// Load implements [Source] for the one package that d is about.
func (d *Direct) Load(ctx context.Context, req Request) (*Text, error) {
	if req.Path != d.Path {
		return nil, fmt.Errorf("escape check skipped for %s: %w", req.Path, errNoText)
	}
	tools := toolchain{dir: d.Dir, env: d.Env, timeout: d.Timeout}
	tmp, err := os.MkdirTemp("", "heapvet-compile-")
	if err != nil {
		return nil, unavailableError(err)
	}
	defer os.RemoveAll(tmp)
	c, err := d.compilation(tools, tmp)
	if err != nil {
		return nil, err
	}
	return c.run(ctx, tmp)
}

// compilation writes what the compiler needs besides source into tmp.
func (d *Direct) compilation(tools toolchain, tmp string) (*compilation, error) {
	goroot := tools.lookup("GOROOT")
	c := &compilation{
		tools: tools, path: d.Path, dir: d.Dir, lang: version.Lang(d.GoVersion),
		roots:     Roots{Dir: d.Dir, GOROOT: goroot, ModCache: tools.lookup("GOMODCACHE")},
		importcfg: filepath.Join(tmp, "importcfg"),
	}
	if rel, ok := below(goroot, d.Dir); ok && strings.HasPrefix(rel, "src/") {
		c.std = true
	}
	if err := os.WriteFile(c.importcfg, d.importcfg(), 0o600); err != nil {
		return nil, unavailableError(err)
	}
	var embeds []string
	for i, file := range d.Files {
		src, overlaid := d.Overlay[file]
		name := file
		if overlaid {
			name = filepath.Join(tmp, strconv.Itoa(i)+"_"+filepath.Base(file))
			if err := os.WriteFile(name, src, 0o600); err != nil {
				return nil, unavailableError(err)
			}
			c.trimpath = append(c.trimpath, name+"=>"+file)
		} else {
			var err error
			if src, err = os.ReadFile(file); err != nil {
				return nil, unavailableError(err)
			}
		}
		c.files = append(c.files, name)
		embeds = append(embeds, embedPatterns(src)...)
		if i == 0 && packageName(src) == "main" {
			c.main = true
		}
	}
	if len(embeds) == 0 {
		return c, nil
	}
	c.embedcfg = filepath.Join(tmp, "embedcfg")
	return c, writeEmbedcfg(c.embedcfg, embeds, d.Files[0])
}

func unavailableError(err error) error {
	return fmt.Errorf("compiler cross-check unavailable: %w", err)
}

// importcfg is the compiler's map from imports to files.
func (d *Direct) importcfg() []byte {
	var b strings.Builder
	for _, path := range slices.Sorted(maps.Keys(d.ImportMap)) {
		if to := d.ImportMap[path]; to != path {
			fmt.Fprintf(&b, "importmap %s=%s\n", path, to)
		}
	}
	for _, path := range slices.Sorted(maps.Keys(d.PackageFile)) {
		if path != "unsafe" {
			fmt.Fprintf(&b, "packagefile %s=%s\n", path, d.PackageFile[path])
		}
	}
	return []byte(b.String())
}

func packageName(src []byte) string {
	f, err := parser.ParseFile(token.NewFileSet(), "", src, parser.PackageClauseOnly)
	if err != nil {
		return "" // the compiler will say it better
	}
	return f.Name.Name
}

// embedPatterns returns the patterns of the //go:embed directives in src.
func embedPatterns(src []byte) []string {
	var patterns []string
	for line := range strings.Lines(string(src)) {
		args, ok := strings.CutPrefix(strings.TrimSpace(line), "//go:embed")
		if !ok || args == "" || args[0] != ' ' && args[0] != '\t' {
			continue
		}
		for args = strings.TrimSpace(args); args != ""; args = strings.TrimSpace(args) {
			pattern := args
			if quoted, err := strconv.QuotedPrefix(args); err == nil {
				args = args[len(quoted):]
				pattern, _ = strconv.Unquote(quoted) // it is one
			} else if i := strings.IndexAny(args, " \t"); i >= 0 {
				pattern, args = args[:i], args[i:]
			} else {
				args = ""
			}
			patterns = append(patterns, pattern)
		}
	}
	return patterns
}

// writeEmbedcfg writes a stand-in for the go command's list of embedded
// files: escape analysis does not depend on what they hold, so that each
// pattern may match one and the same existing file.
func writeEmbedcfg(name string, patterns []string, file string) error {
	var cfg struct {
		Patterns map[string][]string
		Files    map[string]string
	}
	const standIn = "file"
	cfg.Patterns, cfg.Files = make(map[string][]string), map[string]string{standIn: file}
	for _, p := range patterns {
		cfg.Patterns[p] = []string{standIn}
	}
	b, err := json.Marshal(cfg)
	if err != nil {
		return unavailableError(err)
	}
	if err := os.WriteFile(name, b, 0o600); err != nil {
		return unavailableError(err)
	}
	return nil
}

// complete returns an error if the export data of an import is not at hand.
func (d *Direct) complete() error {
	for _, name := range slices.Sorted(maps.Keys(d.ImportMap)) {
		path := d.ImportMap[name]
		if path == "unsafe" {
			continue
		}
		if _, err := os.Stat(d.PackageFile[path]); err != nil {
			return fmt.Errorf("export data of %s: %w", path, err)
		}
	}
	return nil
}
