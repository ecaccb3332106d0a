package gcfacts

import "context"

// Checked returns a source that hands out the text of src only if the
// canary understands this toolchain's text. The canary is asked when there
// is text to hand out.
func Checked(src Source, canary *Canary) Source { return checked{src, canary} }

type checked struct {
	src    Source
	canary *Canary
}

func (c checked) Load(ctx context.Context, req Request) (*Text, error) {
	text, err := c.src.Load(ctx, req)
	if err != nil {
		return nil, err
	}
	return text, c.canary.Check(ctx)
}
