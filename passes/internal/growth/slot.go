package growth

import (
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// LifetimeOf returns how long the object lives that base points to, to
// whose field something is stored: [Model.Lifetime] for what is no
// container.
func (m *Model) LifetimeOf(base ssa.Value, field *types.Var) Lifetime {
	return m.Lifetime(&Growth{Container: &Container{Field: field}, bases: []ssa.Value{base}})
}
