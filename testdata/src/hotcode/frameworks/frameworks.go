// Package frameworks registers handlers with third-party servers.
package frameworks

import (
	"context"
	"net/http"

	"connectrpc.com/connect"
	"github.com/IBM/sarama"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/gin-gonic/gin"
	"github.com/go-chi/chi/v5"
	fiber2 "github.com/gofiber/fiber/v2"
	fiber3 "github.com/gofiber/fiber/v3"
	"github.com/julienschmidt/httprouter"
	echo4 "github.com/labstack/echo/v4"
	echo5 "github.com/labstack/echo/v5"
	"github.com/nats-io/nats.go"
	"github.com/riverqueue/river"
	"github.com/spf13/cobra"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/valyala/fasthttp"
	"go.temporal.io/sdk/worker"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"google.golang.org/grpc"
	pb "google.golang.org/grpc/health/grpc_health_v1"
)

func probe() {} // want `hot: .*`

func chiRoutes(r *chi.Mux) {
	r.Use(func(next http.Handler) http.Handler { // the middleware itself is set-up
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { // want `hot: net/http handler: chiRoutes.func1.1`
			next.ServeHTTP(w, r)
		})
	})
	r.Get("/", func(w http.ResponseWriter, r *http.Request) {}) // want `hot: net/http handler: chiRoutes.func2`
}

func ginHandler(c *gin.Context) { // want `hot: gin handler: ginHandler`
	if c == nil {
		probe() // want `at cold: on failure only`
		c.AbortWithStatusJSON(400, "no")
		return
	}
	probe() // want `at hot`
	c.JSON(200, "yes")
}

// A near miss: gin's type, but not gin's signature.
func ginHelper(c *gin.Context, id int) {}

func echoHandler(c echo4.Context) error { // want `hot: echo handler: echoHandler`
	if c == nil {
		probe() // want `at cold: on failure only`
		return c.JSON(500, "no")
	}
	probe() // want `at hot`
	return c.JSON(200, "yes")
}

func echoMiddleware(next echo4.HandlerFunc) echo4.HandlerFunc {
	return func(c echo4.Context) error { return next(c) } // want `hot: echo handler: echoMiddleware.func1`
}

func echo5Handler(c *echo5.Context) error { return nil } // want `hot: echo handler: echo5Handler`

// A near miss: version 4 takes the interface, not a pointer to it.
func echoPointer(c *echo4.Context) error { return nil }

func fiber2Handler(c *fiber2.Ctx) error { return c.Next() } // want `hot: fiber handler: fiber2Handler`

// Version 3 registers any: the type of the argument says what is called.
func fiber3Routes(app *fiber3.App) {
	app.Get("/", fiber3Plain)
	app.Get("/std", func(c string) { probe() }) // want `hot: fiber handler: fiber3Routes.func1` `at hot`
}

func fiber3Plain(c fiber3.Ctx) error { return nil } // want `hot: fiber handler: fiber3Plain`

func routerHandle(w http.ResponseWriter, r *http.Request, ps httprouter.Params) {} // want `hot: httprouter handler: routerHandle`

func fast(ctx *fasthttp.RequestCtx) {} // want `hot: fasthttp handler: fast`

type status struct {
	pb.UnimplementedHealthServer
}

func (h *status) Check(ctx context.Context, req *pb.HealthCheckRequest) (*pb.HealthCheckResponse, error) { // want `hot: gRPC method: \(\*status\).Check`
	return nil, h.check()
}

func (h *status) check() error { return nil } // want `hot: gRPC method: \(\*status\).Check -> \(\*status\).check`

// Names may cool: health checks are warm.
type health struct {
	pb.UnimplementedHealthServer
}

func (h *health) Check(ctx context.Context, req *pb.HealthCheckRequest) (*pb.HealthCheckResponse, error) { // want `warm: gRPC method: \(\*health\).Check`
	return nil, nil
}

// A near miss: the shape of a gRPC method, of no service.
func (h *status) Other(ctx context.Context, req *pb.HealthCheckRequest) (*pb.HealthCheckResponse, error) {
	return nil, nil
}

func intercept(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) { // want `hot: gRPC interceptor: intercept`
	return handler(ctx, req)
}

func serveGRPC() {
	s := grpc.NewServer(grpc.UnaryInterceptor(intercept))
	pb.RegisterHealthServer(s, &status{})
}

type question struct{}
type answer struct{}

func connectMethod(ctx context.Context, req *connect.Request[question]) (*connect.Response[answer], error) { // want `hot: connect handler: connectMethod`
	return nil, nil
}

func serveConnect() *connect.Handler { return connect.NewUnaryHandler("/ask", connectMethod) }

func lambdaHandler(ctx context.Context, event string) (string, error) { return event, nil } // want `hot: Lambda handler: lambdaHandler`

func startLambda() { lambda.Start(lambdaHandler) }

func onMessage(m *nats.Msg) {} // want `hot: NATS message handler: onMessage`

type job struct{}

func (job) Kind() string { return "job" }

type jobWorker struct{}

func (jobWorker) Work(ctx context.Context, j *river.Job[job]) error { return nil } // want `hot: river worker: jobWorker.Work`
func (jobWorker) Name() string                                      { return "" }

func addWorkers(w *river.Workers) { river.AddWorker(w, jobWorker{}) }

type activities struct{}

func (a *activities) Charge(ctx context.Context) error { return a.charge() } // want `hot: Temporal activity: \(\*activities\).Charge`
func (a *activities) charge() error                    { return nil }        // want `hot: Temporal activity: \(\*activities\).Charge -> \(\*activities\).charge`

func registerActivities(r worker.Registry) { r.RegisterActivity(&activities{}) }

type consumer struct{}

func (consumer) Setup(sarama.ConsumerGroupSession) error   { return nil }
func (consumer) Cleanup(sarama.ConsumerGroupSession) error { return nil }
func (consumer) ConsumeClaim(s sarama.ConsumerGroupSession, c sarama.ConsumerGroupClaim) error { // want `hot: Kafka consumer: consumer.ConsumeClaim`
	for m := range c.Messages() {
		_ = m
		probe() // want `at hot loop=1`
	}
	return nil
}

func poll(ctx context.Context, cl *kgo.Client) { // want `hot: Kafka consumer loop: poll`
	probe() // want `at cold: outside the loop that serves`
	for {
		fetches := cl.PollFetches(ctx)
		probe()                                             // want `at hot`
		fetches.EachRecord(func(r *kgo.Record) { probe() }) // want `hot: Kafka records: poll.func1` `at hot`
		for range fetches {
			probe() // want `at hot loop=1`
		}
	}
}

var command = &cobra.Command{
	Use:  "serve",
	RunE: func(cmd *cobra.Command, args []string) error { probe(); return nil }, // want `at cold: command`
}

type entry struct{ name string }

func (e entry) MarshalLogObject(enc zapcore.ObjectEncoder) error { // want `hot: zap marshaler: entry.MarshalLogObject`
	enc.AddString("name", e.name)
	return nil
}

//heapvet:hot
func logs(log *zap.Logger) { // want `hot: //heapvet:hot: logs`
	if ce := log.Check(zapcore.DebugLevel, "hello"); ce != nil {
		probe() // want `at hot guarded`
		ce.Write(zap.String("k", "v"))
	}
}
