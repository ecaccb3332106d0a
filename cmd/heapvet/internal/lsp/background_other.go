//go:build !unix

package lsp

import "os/exec"

// runLow runs cmd; here what it starts may go on when its context ends.
func runLow(cmd *exec.Cmd) error { return cmd.Run() }
