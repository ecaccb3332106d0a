// Package zerolog is a stub with the declarations of github.com/rs/zerolog.
package zerolog

type Event struct{}

var sink []any

func (e *Event) Interface(key string, i any) *Event { sink = append(sink, i); return e }

func (e *Event) Int(key string, i int) *Event { return e }

func (e *Event) Fields(fields any) *Event { sink = append(sink, fields); return e }
