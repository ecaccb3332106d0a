//go:build unix

package lsp

import (
	"os/exec"
	"syscall"
)

// background prepares cmd so that it and what it starts end together when
// its context does, and so that they yield to the editor.
func background(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	// The shell's way to a low priority: a process cannot be given one
	// before it has begun to start others.
	if nice, err := exec.LookPath("nice"); err == nil {
		cmd.Args = append([]string{nice, "-n", "10", cmd.Path}, cmd.Args[1:]...)
		cmd.Path = nice
	}
}
