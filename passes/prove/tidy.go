package prove

import (
	"bytes"
	"go/format"
)

// byteOrderMark may begin a Go file.
const byteOrderMark = "\ufeff"

// tidy formats text, which edits have made of src, if src was formatted:
// a file that was not is left as it is but for the edits. Line ends and the
// byte order mark stay what they were.
func tidy(src, text []byte) []byte {
	crlf := bytes.Contains(src, []byte("\r\n")) && bytes.Count(src, []byte("\n")) == bytes.Count(src, []byte("\r\n"))
	mark := bytes.HasPrefix(src, []byte(byteOrderMark))
	was := bytes.TrimPrefix(src, []byte(byteOrderMark))
	if crlf {
		was = unix(was)
	}
	if !formatted(was) {
		if crlf {
			text = dos(text)
		}
		return text
	}
	tidied, err := format.Source(bytes.TrimPrefix(text, []byte(byteOrderMark)))
	if err != nil {
		return text // it compiled
	}
	if crlf {
		tidied = dos(tidied)
	}
	if mark {
		tidied = append([]byte(byteOrderMark), tidied...)
	}
	return tidied
}

// formatted reports whether gofmt would leave src as it is.
func formatted(src []byte) bool {
	tidied, err := format.Source(src)
	return err == nil && bytes.Equal(src, tidied)
}

func unix(text []byte) []byte { return bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n")) }

func dos(text []byte) []byte { return bytes.ReplaceAll(unix(text), []byte("\n"), []byte("\r\n")) }
