package unboundedinput

import (
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/heapvet/heapvet/passes/internal/callsite"
	"github.com/heapvet/heapvet/passes/internal/typeid"
)

// reads lists the functions and methods that read all of a reader into
// memory, and which argument is the reader; -1 stands for the receiver.
var reads = map[string]int{
	"io.ReadAll":                                              0,
	"io/ioutil.ReadAll":                                       0,
	"(*bytes.Buffer).ReadFrom":                                0,
	"io.Copy":                                                 1,
	"io.CopyBuffer":                                           1,
	"encoding/json.NewDecoder":                                0,
	"encoding/xml.NewDecoder":                                 0,
	"encoding/gob.NewDecoder":                                 0,
	"gopkg.in/yaml.v2.NewDecoder":                             0,
	"gopkg.in/yaml.v3.NewDecoder":                             0,
	"go.yaml.in/yaml/v2.NewDecoder":                           0,
	"go.yaml.in/yaml/v3.NewDecoder":                           0,
	"github.com/goccy/go-yaml.NewDecoder":                     0,
	"github.com/goccy/go-json.NewDecoder":                     0,
	"github.com/json-iterator/go.NewDecoder":                  0,
	"(github.com/json-iterator/go.API).NewDecoder":            0,
	"github.com/bytedance/sonic/decoder.NewStreamDecoder":     0,
	"github.com/vmihailenco/msgpack/v5.NewDecoder":            0,
	"github.com/ugorji/go/codec.NewDecoder":                   0,
	"github.com/fxamacker/cbor/v2.NewDecoder":                 0,
	"github.com/BurntSushi/toml.NewDecoder":                   0,
	"github.com/pelletier/go-toml/v2.NewDecoder":              0,
	"github.com/golang/protobuf/jsonpb.Unmarshal":             0,
	"github.com/golang/snappy.Decode":                         1,
	"github.com/klauspost/compress/snappy.Decode":             1,
	"github.com/klauspost/compress/s2.Decode":                 1,
	"(*github.com/klauspost/compress/zstd.Decoder).DecodeAll": 0,
	"(*net/http.Request).ParseMultipartForm":                  -1,
	"(*bufio.Reader).ReadString":                              -1,
	"(*bufio.Reader).ReadBytes":                               -1,
}

// unpacks are those of reads that unpack a slice of bytes.
var unpacks = map[string]string{
	"github.com/golang/snappy.Decode":                         "snappy",
	"github.com/klauspost/compress/snappy.Decode":             "snappy",
	"github.com/klauspost/compress/s2.Decode":                 "s2",
	"(*github.com/klauspost/compress/zstd.Decoder).DecodeAll": "zstd",
}

// A sink is a call that keeps all that it reads.
type sink struct {
	call   ssa.CallInstruction
	name   string    // full name of the callee
	reader ssa.Value // or the bytes that are unpacked
}

// sinkOf returns the sink that call is; ok is false if it is none.
func sinkOf(call ssa.CallInstruction) (s sink, ok bool) {
	common := call.Common()
	name := callsite.Name(common)
	i, ok := reads[name]
	if !ok {
		return sink{}, false
	}
	s = sink{call: call, name: name, reader: callsite.Arg(common, i)}
	if i < 0 {
		s.reader = common.Args[0]
	}
	if strings.HasPrefix(name, "io.Copy") && !inMemory(common.Args[0]) {
		return sink{}, false // to a file, a connection, a hash
	}
	return s, s.reader != nil
}

// inMemory reports whether the writer w keeps all that is written to it.
func inMemory(w ssa.Value) bool {
	if box, ok := w.(*ssa.MakeInterface); ok {
		w = box.X
	}
	t := typeid.Deref(w.Type())
	return typeid.IsNamed(t, "bytes", "Buffer") || typeid.IsNamed(t, "strings", "Builder")
}

// wrappers return a reader of the same data, from this argument.
var wrappers = map[string]int{
	"bufio.NewReader":                                            0,
	"bufio.NewReaderSize":                                        0,
	"io.TeeReader":                                               0,
	"io.NopCloser":                                               0,
	"io/ioutil.NopCloser":                                        0,
	"archive/tar.NewReader":                                      0,
	"encoding/hex.NewDecoder":                                    0,
	"encoding/base64.NewDecoder":                                 1,
	"mime/quotedprintable.NewReader":                             0,
	"mime/multipart.NewReader":                                   0,
	"golang.org/x/text/transform.NewReader":                      0,
	"golang.org/x/net/html/charset.NewReader":                    0,
	"(*mime/multipart.Reader).NextPart":                          -1,
	"(*mime/multipart.Reader).NextRawPart":                       -1,
	"(*mime/multipart.Reader).ReadForm":                          -1,
	"(*net/http.Request).MultipartReader":                        -1,
	"(*net/http.Request).FormFile":                               -1,
	"(*net/http.Request).WithContext":                            -1,
	"(*net/http.Request).Clone":                                  -1,
	"(*github.com/klauspost/compress/zstd.Decoder).IOReadCloser": -1,
}

// limits return a reader that ends after a number of bytes, whatever there
// is to read.
var limits = map[string]int{
	"io.LimitReader":          0,
	"io.NewSectionReader":     0,
	"net/http.MaxBytesReader": 1,
}

// decompressors return a reader of unpacked data.
var decompressors = map[string]string{
	"compress/gzip.NewReader":                        "gzip",
	"compress/flate.NewReader":                       "deflate",
	"compress/flate.NewReaderDict":                   "deflate",
	"compress/zlib.NewReader":                        "zlib",
	"compress/zlib.NewReaderDict":                    "zlib",
	"compress/bzip2.NewReader":                       "bzip2",
	"compress/lzw.NewReader":                         "lzw",
	"github.com/klauspost/compress/gzip.NewReader":   "gzip",
	"github.com/klauspost/compress/flate.NewReader":  "deflate",
	"github.com/klauspost/compress/zlib.NewReader":   "zlib",
	"github.com/klauspost/compress/zstd.NewReader":   "zstd",
	"github.com/klauspost/compress/s2.NewReader":     "s2",
	"github.com/klauspost/compress/snappy.NewReader": "snappy",
	"github.com/klauspost/pgzip.NewReader":           "gzip",
	"github.com/golang/snappy.NewReader":             "snappy",
	"github.com/andybalholm/brotli.NewReader":        "brotli",
	"github.com/pierrec/lz4.NewReader":               "lz4",
	"github.com/pierrec/lz4/v3.NewReader":            "lz4",
	"github.com/pierrec/lz4/v4.NewReader":            "lz4",
	"github.com/ulikunitz/xz.NewReader":              "xz",
	"github.com/DataDog/zstd.NewReader":              "zstd",
	"github.com/valyala/gozstd.NewReader":            "zstd",
}

// decompressorOf returns what values of type t unpack, or "": a reader that
// is set up by its method Reset.
func decompressorOf(t types.Type) string {
	named, ok := types.Unalias(typeid.Deref(t)).(*types.Named)
	if !ok || named.Obj().Pkg() == nil || named.Obj().Name() != "Reader" && named.Obj().Name() != "Decoder" {
		return ""
	}
	return decompressors[named.Obj().Pkg().Path()+".NewReader"]
}

// bodyLimiters limit the bodies of all requests that pass them.
var bodyLimiters = map[string]bool{
	"net/http.MaxBytesHandler":                                   true,
	"github.com/go-chi/chi/middleware.RequestSize":               true,
	"github.com/go-chi/chi/v5/middleware.RequestSize":            true,
	"github.com/labstack/echo/v4/middleware.BodyLimit":           true,
	"github.com/labstack/echo/v4/middleware.BodyLimitWithConfig": true,
	"github.com/labstack/echo/v5/middleware.BodyLimit":           true,
	"github.com/gin-contrib/size.RequestSizeLimiter":             true,
}

// ends reports whether readers of type t end by themselves: they read from
// memory that is there already, or count.
func ends(t types.Type) bool {
	t = typeid.Deref(t)
	return typeid.IsNamed(t, "io", "LimitedReader") || typeid.IsNamed(t, "io", "SectionReader") || inHand(t)
}

// inHand reports whether readers of type t read from memory.
func inHand(t types.Type) bool {
	t = typeid.Deref(t)
	return typeid.IsNamed(t, "bytes", "Reader") || typeid.IsNamed(t, "bytes", "Buffer") || typeid.IsNamed(t, "strings", "Reader")
}

// isConnection reports whether t is a network connection or stream: a
// reader with a deadline, or an interface to read from, write to and close,
// that is no file.
func isConnection(t types.Type) bool {
	if typeid.Method(t, "Read") == nil || typeid.IsNamed(typeid.Deref(t), "os", "File") {
		return false
	}
	return typeid.Method(t, "SetReadDeadline") != nil ||
		types.IsInterface(t) && typeid.Method(t, "Write") != nil && typeid.Method(t, "Close") != nil
}

// isBody reports whether field is the Body of a type of net/http named typ.
func isBody(x types.Type, field int, typ string) bool {
	t := typeid.Deref(x)
	if !typeid.IsNamed(t, "net/http", typ) {
		return false
	}
	s, ok := t.Underlying().(*types.Struct)
	return ok && field < s.NumFields() && s.Field(field).Name() == "Body"
}
