// Command plot runs both twins of testdata/app under a memory limit, sends
// each the same mixture of requests, and draws their live heaps as an SVG.
//
// Run it in its own directory:
//
//	go run . -o ../live.svg
package main

import (
	"context"
	"flag"
	"fmt"
	"image/color"
	"log"
	"os"
	"os/signal"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"

	"github.com/heapvet/heapvet/testdata/story"
)

const (
	requests = 16_000
	batches  = 40
	limit    = 16 // MiB
)

// twins are drawn in this order.
var twins = []struct {
	name  string
	color color.Color
}{
	{"leaky", color.RGBA{R: 0xc0, G: 0x39, B: 0x2b, A: 0xff}},
	{"mended", color.RGBA{R: 0x1f, G: 0x77, B: 0xb4, A: 0xff}},
}

func main() {
	app := flag.String("app", "../../app", "`directory` of the twins")
	out := flag.String("o", "live.svg", "`file` to write; its name tells the format")
	flag.Parse()
	log.SetFlags(0)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := draw(ctx, *app, *out); err != nil {
		stop()
		log.Fatal(err)
	}
}

// draw measures both twins and writes the plot to the file out.
func draw(ctx context.Context, app, out string) error {
	plot.DefaultFont.Variant = "Sans"
	p := plot.New()
	p.Title.Text = "Live heap of the same shop, with and without its leaks"
	p.Title.Padding = vg.Points(6)
	p.X.Label.Text = "requests"
	p.Y.Label.Text = "live heap after a collection, MiB"
	p.Y.Min = 0
	p.Legend.Top, p.Legend.Left = true, true
	p.Legend.XOffs, p.Legend.YOffs = vg.Points(8), vg.Points(-4)
	p.Add(plotter.NewGrid())
	for _, twin := range twins {
		points, err := measure(ctx, app, twin.name)
		if err != nil {
			return fmt.Errorf("measuring the %s twin: %w", twin.name, err)
		}
		line, err := plotter.NewLine(mebibytes(points))
		if err != nil {
			return err
		}
		line.Color, line.Width = twin.color, vg.Points(2)
		p.Add(line)
		p.Legend.Add(twin.name, line)
	}
	border, err := plotter.NewLine(plotter.XYs{{X: 0, Y: limit}, {X: requests, Y: limit}})
	if err != nil {
		return err
	}
	border.Dashes = []vg.Length{vg.Points(4), vg.Points(4)}
	p.Add(border)
	p.Legend.Add("GOMEMLIMIT", border)
	return p.Save(7*vg.Inch, 3.5*vg.Inch, out)
}

// measure builds a twin, runs it and sends it the mixture.
func measure(ctx context.Context, app, twin string) ([]story.Point, error) {
	tmp, err := os.MkdirTemp("", "plot")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(tmp)
	program, err := story.Build(ctx, app, twin, tmp)
	if err != nil {
		return nil, err
	}
	shop, err := program.Start(ctx, limit)
	if err != nil {
		return nil, err
	}
	defer shop.Close()
	points, err := story.Measure(ctx, shop, story.Mixture(story.Loads()), requests, batches)
	if err != nil {
		return nil, err
	}
	log.Printf("%s: %.0f B more per request in the second half", twin, story.Growth(points))
	return points, nil
}

func mebibytes(points []story.Point) plotter.XYs {
	xys := make(plotter.XYs, len(points))
	for i, p := range points {
		xys[i] = plotter.XY{X: float64(p.Requests), Y: float64(p.Live) / (1 << 20)}
	}
	return xys
}
