package hotcall

import (
	"go/ast"
	"net/textproto"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/heapvet/heapvet/passes/internal/edit"
	"github.com/heapvet/heapvet/passes/internal/hotsite"
	"github.com/heapvet/heapvet/passes/internal/typeid"
)

// common lists the header keys for which package textproto keeps the
// canonical form, so that any short spelling of them is looked up for free.
const common = " Accept Accept-Charset Accept-Encoding Accept-Language Accept-Ranges Cache-Control Cc Connection " +
	"Content-Id Content-Language Content-Length Content-Transfer-Encoding Content-Type Cookie Date Dkim-Signature " +
	"Etag Expires From Host If-Modified-Since If-None-Match In-Reply-To Last-Modified Location Message-Id " +
	"Mime-Version Pragma Received Return-Path Server Set-Cookie Subject To User-Agent Via X-Forwarded-For " +
	"X-Imforwards X-Powered-By "

// headerKey looks for constant header keys that are made canonical on every
// call: the canonical form is used as it is.
func headerKey(c *hotsite.Checker, cur inspector.Cursor) {
	call := cur.Node().(*ast.CallExpr)
	fn := typeid.Callee(c.Info, call)
	isHeader := typeid.IsMethod(fn, "net/http", "Header", "Get", "Set", "Add", "Del", "Values") ||
		typeid.IsMethod(fn, "net/textproto", "MIMEHeader", "Get", "Set", "Add", "Del", "Values")
	if !isHeader || len(call.Args) == 0 {
		return
	}
	key, ok := constantText(c, call.Args[0])
	canonical := textproto.CanonicalMIMEHeaderKey(key)
	if !ok || key == canonical || len(key) <= 32 && strings.Contains(common, " "+canonical+" ") {
		return
	}
	f := edit.New(c.Pass, call)
	if lit, ok := ast.Unparen(call.Args[0]).(*ast.BasicLit); ok {
		f.Replace(lit.Pos(), lit.End(), strconv.Quote(canonical))
	}
	c.Report(cur, hotsite.Finding{
		Pos: call.Args[0].Pos(), End: call.Args[0].End(),
		Text:     "header key " + c.Text(call.Args[0]) + " is made canonical on every call: write " + strconv.Quote(canonical),
		Measured: 1,
		Bytes:    int64(len(key)),
		Fixes:    f.Suggest("Write the canonical key"),
	})
}
