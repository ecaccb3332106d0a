package main

import (
	"context"

	"github.com/Masterminds/semver/v3"
	"github.com/Masterminds/sprig/v3"
	"github.com/dlclark/regexp2"
	"github.com/go-playground/validator/v10"
	"github.com/go-resty/resty/v2"
	"github.com/gobwas/glob"
	"github.com/google/cel-go/cel"
	"github.com/gorilla/schema"
	"github.com/hashicorp/go-retryablehttp"
	"github.com/jackc/pgx/v5/pgxpool"
	jsoniter "github.com/json-iterator/go"
	"github.com/microcosm-cc/bluemonday"
	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
	"github.com/redis/go-redis/v9"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/yuin/goldmark"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.uber.org/zap"
	"golang.org/x/text/language"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

// uses makes one use of each row.
func uses() map[string]func() {
	all := make(map[string]func())
	compressors(all)
	objects(all)
	clients(all)
	return all
}

// objects makes what is cheap to use and dear to make.
func objects(all map[string]func()) {
	for name, use := range map[string]func(){
		"github.com/go-playground/validator.New":            func() { sink = validator.New() },
		"github.com/yuin/goldmark.New":                      func() { sink = goldmark.New() },
		"github.com/microcosm-cc/bluemonday.UGCPolicy":      func() { sink = bluemonday.UGCPolicy() },
		"github.com/microcosm-cc/bluemonday.StrictPolicy":   func() { sink = bluemonday.StrictPolicy() },
		"github.com/microcosm-cc/bluemonday.NewPolicy":      func() { sink = bluemonday.NewPolicy() },
		"github.com/santhosh-tekuri/jsonschema.NewCompiler": func() { sink = jsonschema.NewCompiler() },
		"github.com/google/cel-go/cel.NewEnv":               func() { keep(cel.NewEnv(cel.Variable("x", cel.IntType))) },
		"github.com/gorilla/schema.NewDecoder":              func() { sink = schema.NewDecoder() },
		"github.com/json-iterator/go.Config.Froze":          func() { sink = jsoniter.Config{EscapeHTML: true}.Froze() },
		"github.com/dlclark/regexp2.MustCompile":            func() { sink = regexp2.MustCompile(`^[a-z]+\d+$`, 0) },
		"github.com/dlclark/regexp2.Compile":                func() { keep(regexp2.Compile(`^[a-z]+\d+$`, 0)) },
		"github.com/gobwas/glob.MustCompile":                func() { sink = glob.MustCompile("*.example.com") },
		"github.com/gobwas/glob.Compile":                    func() { keep(glob.Compile("*.example.com")) },
		"github.com/Masterminds/semver.NewConstraint":       func() { keep(semver.NewConstraint(">= 1.2, < 3")) },
		"github.com/Masterminds/semver.MustParse":           func() { sink = semver.MustParse("1.2.3") },
		"github.com/Masterminds/sprig.FuncMap":              func() { sink = sprig.FuncMap() },
		"github.com/Masterminds/sprig.TxtFuncMap":           func() { sink = sprig.TxtFuncMap() },
		"github.com/Masterminds/sprig.HtmlFuncMap":          func() { sink = sprig.HtmlFuncMap() },
		"golang.org/x/text/language.NewMatcher":             func() { sink = language.NewMatcher([]language.Tag{language.English, language.German}) },
		"go.uber.org/zap.NewProduction":                     func() { keep(zap.NewProduction()) },
		"go.uber.org/zap.NewDevelopment":                    func() { keep(zap.NewDevelopment()) },
	} {
		all[name] = use
	}
}

// clients makes clients, which keep connections of their own. None connects.
func clients(all map[string]func()) {
	ctx := context.Background()
	for name, use := range map[string]func(){
		"github.com/redis/go-redis.NewClient": func() {
			c := redis.NewClient(&redis.Options{Addr: "localhost:1"})
			sink = c
			_ = c.Close()
		},
		"github.com/jackc/pgx/pgxpool.New": func() {
			p, err := pgxpool.New(ctx, "postgres://localhost:1/db")
			if sink = p; err == nil {
				p.Close()
			}
		},
		"google.golang.org/grpc.NewClient": func() {
			c, err := grpc.NewClient("localhost:1", grpc.WithTransportCredentials(insecure.NewCredentials()))
			if sink = c; err == nil {
				_ = c.Close()
			}
		},
		"github.com/minio/minio-go.New": func() {
			keep(minio.New("localhost:1", &minio.Options{Creds: credentials.NewStaticV4("a", "b", "")}))
		},
		"go.mongodb.org/mongo-driver/mongo.Connect": func() {
			c, err := mongo.Connect()
			if sink = c; err == nil {
				_ = c.Disconnect(ctx)
			}
		},
		"github.com/go-resty/resty.New":                   func() { sink = resty.New() },
		"github.com/hashicorp/go-retryablehttp.NewClient": func() { sink = retryablehttp.NewClient() },
	} {
		all[name] = use
	}
}
