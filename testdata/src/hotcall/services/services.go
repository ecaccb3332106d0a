// Package services has calls of other modules' packages, each beside a near
// miss.
package services

import (
	"context"

	"github.com/rs/zerolog"
	"github.com/sirupsen/logrus"
	"go.uber.org/zap"
	"google.golang.org/grpc/metadata"
)

//heapvet:hot
func fields(log *zap.Logger, sugar *zap.SugaredLogger, e *zerolog.Event, n int, s string, v any) {
	log.Info("m", zap.Any("n", n))           // want `zap.Any boxes n: use Int \(compiler: heap, 8 B; hot: //heapvet:hot fields\)`
	log.Info("m", zap.Any("v", v))           // not reported: of any type
	log.Info("m", zap.Int("n", n))           // not reported: as proposed
	log.Debug("m", zap.Int("n", n))          // want `\(\*zap.Logger\).Debug makes a slice of fields even if that level is off: ask Check first \(compiler: heap; hot: .*\) \[advice\]`
	sugar.Infow("m", "n", n)                 // want `\(\*zap.SugaredLogger\).Infow boxes its arguments: use zap.Logger with zap.String and others \(compiler: heap, 8 B; hot: .*\) \[advice\]`
	e.Interface("n", n)                      // want `\(\*zerolog.Event\).Interface boxes n: use Int \(compiler: heap, 8 B; hot: `
	e.Fields(map[string]any{"n": n, "s": s}) // want `zerolog.Event.Fields gets a map that is made on every call: use a method such as Str per field \(measured: 4 allocations; hot: `
}

//heapvet:hot
func entries(log *logrus.Logger, n int) {
	log.WithFields(logrus.Fields{"n": n}).Debug("m") // want `log.WithFields\(logrus.Fields\{…\}\) is evaluated for \(\*logrus.Entry\).Debug even if that level is off: pass the value, or ask IsLevelEnabled first \(measured: 1 allocation; hot: `
	log.WithFields(logrus.Fields{"n": n}).Info("m")  // not reported: a level that is usually on
}

//heapvet:hot
func incoming(ctx context.Context) []string {
	md, _ := metadata.FromIncomingContext(ctx) // want `metadata.FromIncomingContext copies all metadata to read "md" by key: use metadata.ValueFromIncomingContext \(measured: 4 allocations; hot: `
	return md["a"]
}

//heapvet:hot
func all(ctx context.Context) (n int) {
	md, _ := metadata.FromIncomingContext(ctx) // not reported: all of it
	for range md {
		n++
	}
	return n
}

type option interface{ apply() }

type instrument interface {
	Add(ctx context.Context, n int64, opts ...option)
	Enabled(context.Context) bool
}

//heapvet:hot
func count(ctx context.Context, i instrument, opts []option) {
	i.Add(ctx, 1, opts...) // want `instrument.Add takes its options apart even if it is off: ask Enabled first \(measured: 2 allocations; hot: .*\) \[advice\]`
	i.Add(ctx, 1)          // not reported: no options
}

//heapvet:hot
func countEnabled(ctx context.Context, i instrument, opts []option) {
	if i.Enabled(ctx) {
		i.Add(ctx, 1, opts...) // not reported: asked
	}
}

func cold(ctx context.Context) []string {
	md, _ := metadata.FromIncomingContext(ctx)
	return md["a"]
}
