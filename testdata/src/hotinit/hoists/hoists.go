// Package hoists has what a fix can put into a package variable.
package hoists

import (
	"hash/crc32"
	"io"
	"regexp"
	"strings"
	"text/template"
)

const digit = "[0-9]"

var wordRegexp = 1 // a name that is taken

//heapvet:hot
func word(s string) bool {
	return regexp.MustCompile("[a-z]" + digit).MatchString(s) // want `regexp.MustCompile of constants on every call`
}

// Number has a doc comment.
//
//heapvet:hot
func Number(s string) string {
	re := regexp.MustCompile(digit) // want `regexp.MustCompile of constants on every call`
	return re.FindString(re.ReplaceAllString(s, ""))
}

//heapvet:hot
func local(s string) bool {
	const letter = "[a-z]"
	// no fix: the constant is out of reach
	return regexp.MustCompile(letter).MatchString(s) // want `regexp.MustCompile`
}

//heapvet:hot
func longest(s string) string {
	// no fix: changed below
	re := regexp.MustCompile(digit) // want `regexp.MustCompile`
	re.Longest()
	return re.FindString(s)
}

//heapvet:hot
func passed(s string) *regexp.Regexp {
	// no fix: others may change it
	re := regexp.MustCompile(digit) // want `regexp.MustCompile`
	return re
}

//heapvet:hot
func broken(s string) bool {
	// no fix: would panic at start
	return regexp.MustCompile("[").MatchString(s) // want `regexp.MustCompile`
}

//heapvet:hot
func several(w io.Writer, s string) error {
	s = strings.NewReplacer("<", "&lt;", ">", "&gt;").Replace(s) // want `strings.NewReplacer of constants on every call`
	// no fix: panics
	s = strings.NewReplacer("<", "&lt;", ">").Replace(s)    // want `strings.NewReplacer`
	if crc32.Checksum([]byte(s), crc32.MakeTable(7)) == 0 { // want `crc32.MakeTable of constants on every call`
		return nil
	}
	return template.Must(template.New("page").Parse("hi {{.}}")).Execute(w, s) // want `\(\*template.Template\).Parse of constants on every call`
}
