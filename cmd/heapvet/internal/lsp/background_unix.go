//go:build unix

package lsp

import (
	"os/exec"
	"syscall"
)

// runLow runs cmd so that it and what it starts end together when its
// context does, and so that they yield to the editor.
func runLow(cmd *exec.Cmd) error {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	if err := cmd.Start(); err != nil {
		return err
	}
	const niceness = 5                                                // of 19: a third of what others get where processors are scarce
	syscall.Setpriority(syscall.PRIO_PGRP, cmd.Process.Pid, niceness) // a courtesy: the analysis is right without it
	return cmd.Wait()
}
