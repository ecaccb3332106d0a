// Package zap is a stub with the declarations of go.uber.org/zap.
package zap

import "go.uber.org/zap/zapcore"

type Field struct{}

type Logger struct{}

func String(key, val string) Field { return Field{} }

func (log *Logger) Check(lvl zapcore.Level, msg string) *zapcore.CheckedEntry { return nil }

type SugaredLogger struct{}

var sink []any

func Any(key string, value any) Field { sink = append(sink, value); return Field{} }

func Int(key string, val int) Field { return Field{} }

func (log *Logger) Debug(msg string, fields ...Field) { sink = append(sink, fields) }

func (log *Logger) Info(msg string, fields ...Field) { sink = append(sink, fields) }

func (s *SugaredLogger) Infow(msg string, keysAndValues ...any) {
	sink = append(sink, keysAndValues...)
}
