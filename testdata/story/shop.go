package story

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// A Program is one of the twins, built.
type Program struct {
	exe  string
	twin string
}

// Build builds the twin, leaky or mended, of the module in dir, which is
// testdata/app, and writes the program to the directory into.
func Build(ctx context.Context, dir, twin, into string) (Program, error) {
	p := Program{filepath.Join(into, twin), twin}
	build := exec.CommandContext(ctx, "go", "build", "-o", p.exe, "./"+twin)
	build.Dir = dir
	build.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=-buildvcs=false", "PWD="+dir)
	if out, err := build.CombinedOutput(); err != nil {
		return Program{}, fmt.Errorf("building %s: %w\n%s", twin, err, out)
	}
	return p, nil
}

// A Shop is a running twin.
type Shop struct {
	URL string // of the shop

	admin string // URL for operators
	cmd   *exec.Cmd
	rest  chan struct{} // closed when all that the shop logs is read
}

// Start runs p on two free ports of the loopback interface with a memory
// limit in MiB. The caller must call Close.
func (p Program) Start(ctx context.Context, limit int) (*Shop, error) {
	args := []string{"-addr", "127.0.0.1:0", "-admin", "127.0.0.1:0"}
	if p.twin == "mended" {
		args = append(args, "-memory", strconv.Itoa(limit)) // its own limit overrides GOMEMLIMIT
	}
	cmd := exec.CommandContext(ctx, p.exe, args...)
	cmd.Env = append(os.Environ(), fmt.Sprintf("GOMEMLIMIT=%dMiB", limit))
	return run(cmd)
}

// run starts cmd and waits until it says where it listens.
func run(cmd *exec.Cmd) (*Shop, error) {
	log, err := cmd.StderrPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	s := &Shop{cmd: cmd, rest: make(chan struct{})}
	lines := bufio.NewScanner(log)
	for (s.URL == "" || s.admin == "") && lines.Scan() {
		// Have: 2026/11/22 15:00:00 shop: listening on 127.0.0.1:1234
		if _, addr, ok := strings.Cut(lines.Text(), " shop: listening on "); ok {
			s.URL = "http://" + addr
		}
		if _, addr, ok := strings.Cut(lines.Text(), " admin: listening on "); ok {
			s.admin = "http://" + addr
		}
	}
	go func() {
		defer close(s.rest)
		io.Copy(io.Discard, log) // a full pipe would stop the shop
	}()
	if s.URL == "" || s.admin == "" {
		s.Close()
		return nil, fmt.Errorf("running %s: it ended before it listened: %v", filepath.Base(cmd.Path), lines.Err())
	}
	return s, nil
}

// Close ends the shop.
func (s *Shop) Close() {
	s.cmd.Process.Kill() // fails only if it has ended
	<-s.rest
	s.cmd.Wait() // says that it was killed
}

// A Memory is what the runtime says about a process.
type Memory struct {
	Live  uint64 // bytes that the last collection found in use
	Limit uint64 // GOMEMLIMIT, bytes
}

// Memory returns the state of the shop's memory right after a collection:
// the lower live heap of two, for a collection takes for live what is
// allocated while it runs, and sync.Pools survive one.
func (s *Shop) Memory(ctx context.Context) (Memory, error) {
	first, err := s.collect(ctx)
	if err != nil {
		return Memory{}, err
	}
	second, err := s.collect(ctx)
	if err != nil {
		return Memory{}, err
	}
	second.Live = min(first.Live, second.Live)
	return second, nil
}

// collect makes the shop collect, and reads the state of its memory.
func (s *Shop) collect(ctx context.Context) (Memory, error) {
	// The profile is not read: asking for it with gc=1 is how operators
	// make a server collect. As text it needs no memory for compression.
	if _, err := s.get(ctx, "/debug/pprof/heap?gc=1&debug=1"); err != nil {
		return Memory{}, err
	}
	text, err := s.get(ctx, "/memory")
	if err != nil {
		return Memory{}, err
	}
	var m Memory
	for line := range strings.Lines(text) {
		name, number, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		value, err := strconv.ParseUint(number, 10, 64)
		if err != nil {
			return Memory{}, fmt.Errorf("reading the shop's memory: %w", err)
		}
		switch name {
		case "/gc/heap/live:bytes":
			m.Live = value
		case "/gc/gomemlimit:bytes":
			m.Limit = value
		}
	}
	if m.Live == 0 || m.Limit == 0 {
		return Memory{}, fmt.Errorf("reading the shop's memory: no live heap or no limit in %q", text)
	}
	return m, nil
}

func (s *Shop) get(ctx context.Context, path string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, "GET", s.admin+path, nil)
	if err != nil {
		return "", err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return "", err
	}
	if resp.StatusCode != http.StatusOK {
		return "", fmt.Errorf("GET %s: answer %s", path, resp.Status)
	}
	return string(body), nil
}
