// Package heatfile reads and writes heat files: what heapvet learns from a
// view of a whole module, as text, so that drivers that see one package at a
// time can have it, too.
//
// A heat file has one line per fact, of columns separated by tabs. Lines may
// come in any order and more than once: of the files of several programs of
// one module, cat or sort -u makes one. The kinds of lines are
//
//	#heapvet-heat  VERSION  MODULE
//
// one for each module that the file is about; VERSION is 1. All other lines
// begin with the import path of a package:
//
//	PATH  package  NAME                          the name in its package clause
//	PATH  hot      FUNC  root  LOOPS  LABEL      a function that is hot by itself
//	PATH  hot      FUNC  from  PATH   FUNC       one that is hot because of another
//	PATH  warm     FUNC  ...                     the same for what is warm
//	PATH  cold     FUNC  WHY                     one that seems hot in its package alone
//	PATH  param    FUNC  INDEX  ORIGINS  SOURCE  what other packages pass
//	PATH  default  DECL  HASH  CHECK  LINE:COLUMN  MESSAGE   a finding
//	PATH  advice   DECL  HASH  CHECK  LINE:COLUMN  MESSAGE   one of tier advice
//	PATH  none     DECL  HASH  CHECK  LINE:COLUMN            none, whatever the package alone shows
//
// FUNC is a function's name as gc writes it, such as (*Server).get or
// handle.func1 for the first literal in handle. LOOPS are the numbers of the
// loops in it that are hot if the rest is not, from 0, or "-". The path "."
// stands for the same package.
//
// INDEX counts the parameters of FUNC from 0, the receiver first. ORIGINS are
// some of request, assumed (to come from one), upstream and few (values),
// separated by commas; SOURCE is where the data enters, or empty.
//
// Findings are listed only where a package alone does not show them, or
// shows others, because the data of requests crosses packages. They stand
// as long as the text of the declaration DECL has the hash HASH; LINE counts
// from its first line, from 0, COLUMN from 1, in bytes.
//
// Where lines contradict each other, the hotter grade and the weightier
// finding stand, then the line that sorts first.
package heatfile

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/heapvet/heapvet/passes/answers"
)

const (
	header  = "#heapvet-heat"
	version = "1"
)

// Open reads the heat file that spec names: NAME, or NAME@HASH, where HASH
// is what [Spec] says of its content. Where findings are cached by flags and
// settings alone, the hash makes sure that no old ones are shown; cached
// says that it must be there.
//
// A relative name is looked for in the directory dir and above: go vet
// starts its tool in the directory of each package.
func Open(dir, spec string, cached bool) (*answers.Module, error) {
	name, hash := split(spec)
	data, err := find(dir, name, hash)
	if err != nil {
		return nil, err
	}
	switch want := Spec(name, data); {
	case hash != "" && want != spec:
		return nil, fmt.Errorf("heat file %s has changed: it is %s now", spec, want)
	case hash == "" && cached:
		return nil, fmt.Errorf("heat file %s lacks the hash of its content, by which findings are cached: write %s", name, want)
	}
	return Parse(name, data)
}

// Spec returns NAME@HASH for a heat file's name and content.
func Spec(name string, data []byte) string {
	sum := sha256.Sum256(data)
	return fmt.Sprintf("%s@%x", name, sum[:hashBytes])
}

const hashBytes = 6

// split splits NAME@HASH; the hash is "" if there is none.
func split(spec string) (name, hash string) {
	i := strings.LastIndexByte(spec, '@')
	if i < 0 || len(spec)-i-1 != 2*hashBytes || strings.Trim(spec[i+1:], "0123456789abcdef") != "" {
		return spec, ""
	}
	return spec[:i], spec[i+1:]
}

// find reads the named file. Of several in the directories above it takes
// the first that has the hash, or else the first.
func find(dir, name, hash string) ([]byte, error) {
	if filepath.IsAbs(name) {
		dir = ""
	}
	var first []byte
	found := false
	for {
		data, err := os.ReadFile(filepath.Join(dir, name))
		switch {
		case err == nil && (hash == "" || Spec(name, data) == name+"@"+hash):
			return data, nil
		case err == nil && !found:
			first, found = data, true
		case err != nil && !errors.Is(err, fs.ErrNotExist):
			return nil, fmt.Errorf("reading the heat file %s: %w", name, pathless(err))
		}
		parent := filepath.Dir(dir)
		if dir == "" || parent == dir {
			break
		}
		dir = parent
	}
	if !found {
		return nil, fmt.Errorf("there is no heat file %s here or in a directory above", name)
	}
	return first, nil
}

// pathless drops the path from an error: it is another one on each machine.
func pathless(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}
