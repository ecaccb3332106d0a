package lsp

import (
	"context"
	"fmt"
	"io"
	"os/exec"
	"time"
)

// serve starts gopls and stands between it and the editor until one of
// them ends. It returns gopls's exit status.
func serve(ctx context.Context, child *exec.Cmd, v vet, stdin io.Reader, stdout io.Writer) int {
	toGopls, err := child.StdinPipe()
	if err != nil {
		return fail(fmt.Errorf("starting gopls: %w", err))
	}
	fromGopls, err := child.StdoutPipe()
	if err != nil {
		return fail(fmt.Errorf("starting gopls: %w", err))
	}
	if err := child.Start(); err != nil {
		return fail(fmt.Errorf("starting gopls: %w", err))
	}
	ctx, stop := context.WithCancel(ctx)
	fr := newFront(stdout, toGopls, v, pages())
	defer relay(child, fr.leave)()
	analyses := make(chan struct{})
	go func() {
		defer close(analyses)
		fr.schedule.loop(ctx)
	}()
	defer func() { stop(); <-analyses }()

	editor, gopls := make(chan error, 1), make(chan error, 1)
	go func() { editor <- fr.fromEditor(stdin) }()
	go func() { gopls <- fr.fromGopls(fromGopls) }()
	select {
	case err := <-editor:
		// The editor has ended. gopls does so too, once its input has.
		toGopls.Close()
		kill := time.AfterFunc(patience, func() { child.Process.Kill() })
		defer kill.Stop()
		<-gopls
		if code := status(child.Wait()); code != 0 || err == nil {
			return code
		}
		return fail(fmt.Errorf("reading from the editor: %w", err))
	case <-gopls:
		err := child.Wait()
		if !fr.leaving() {
			fr.show(failure, fmt.Sprintf("gopls has ended (%s), and heapvet with it: restart the language server", outcome(err)))
		}
		return status(err)
	}
}

// patience is how long gopls may take to end when the editor has.
const patience = 10 * time.Second

// outcome words how gopls ended.
func outcome(err error) string {
	if err == nil {
		return "exit status 0"
	}
	return err.Error()
}
