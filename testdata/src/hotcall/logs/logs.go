// Package logs has log lines of hot code, each beside a near miss.
package logs

import (
	"context"
	"fmt"
	"log/slog"
	"time"
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
func access(ctx context.Context, l *slog.Logger, level slog.Level, method, path string, took time.Duration) {
	l.LogAttrs(ctx, level, fmt.Sprintf("%s %s", method, path), slog.String("method", method), slog.String("path", path)) // want `\(\*slog.Logger\).LogAttrs gets a message that repeats its attributes: make it constant \(measured: 1 allocation; hot: //heapvet:hot access\)`
	l.LogAttrs(ctx, level, fmt.Sprintf("%s %s", method, path), slog.String("method", method))                            // not reported: the path is nowhere else
	l.LogAttrs(ctx, level, "request", slog.String("method", method), slog.String("path", path))                          // not reported: constant
	slog.Log(ctx, level, method+" took "+took.String(), "method", method, "took", took.String())                         // want `slog.Log gets a message that repeats its attributes: make it constant`
	slog.Log(ctx, level, method+" took "+took.String(), "method", method, "took", took)                                  // want `slog.Log gets a message that is built on every call: make it constant, and what varies an attribute of LogAttrs .*\[advice\]`
}

//heapvet:hot
func failing(l *slog.Logger, s string) {
	l.Error("msg", "user", s) // not reported: an error
}

func cold(l *slog.Logger, u *user) { l.Debug("msg", "user", u.String()) }
