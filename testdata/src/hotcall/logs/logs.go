// Package logs has log lines of hot code, each beside a near miss.
package logs

import (
	"fmt"
	"log/slog"
)

type user struct{ name string }

func (u *user) String() string { return "user " + u.name }

type kind int

const kindA kind = 1

func (k kind) String() string { return "a" }

//heapvet:hot
func lines(l *slog.Logger, u *user, k kind, s string, n int) {
	slog.Info("msg", "user", s, "n", n)                   // want `slog.Info boxes its arguments: use LogAttrs with slog.String and others \(compiler: heap, 24 B; hot: //heapvet:hot lines\) \[advice\]`
	l.Info("user "+s+" came", "n", 1)                     // want `\(\*slog.Logger\).Info gets a message that is built on every call: make it constant, and what varies an attribute of LogAttrs .*\[advice\]`
	l.Debug("msg", "user", u.String())                    // want `u.String\(\) is evaluated for \(\*slog.Logger\).Debug even if that level is off: pass the value, or ask Enabled first \(measured: 1 allocation; hot: `
	l.Debug("msg", "text", fmt.Sprintf("%d of %s", n, s)) // want `fmt.Sprintf\("%d of %s", n, s\) is evaluated for`
	l.Debug("msg", "user", u)                             // not reported: a pointer
	l.Debug("msg", "kind", k.String())                    // not reported: a constant
	l.Info("msg")                                         // not reported: no arguments
}

//heapvet:hot
func failing(l *slog.Logger, s string) {
	l.Error("msg", "user", s) // not reported: an error
}

func cold(l *slog.Logger, u *user) { l.Debug("msg", "user", u.String()) }
