// Receiver speaks Pyroscope's push.v1 and /ingest, refuses whatever is not right, and prints what came, a line of JSON each.
//
// usage: receiver ADDRESS
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"sync"
	"time"

	"connectrpc.com/connect"
	"github.com/google/uuid"
	pushv1 "github.com/grafana/pyroscope/api/gen/proto/go/push/v1"
	"github.com/grafana/pyroscope/api/gen/proto/go/push/v1/pushv1connect"
	"github.com/grafana/pyroscope/api/model/labelset"
)

func main() {
	receiver := &receiver{out: json.NewEncoder(os.Stdout), limit: limit{room: burst, then: time.Now()}}
	mux := http.NewServeMux()
	mux.Handle(pushv1connect.NewPusherServiceHandler(receiver))
	mux.HandleFunc("POST /ingest", receiver.ingest)
	mux.HandleFunc("GET /ready", func(http.ResponseWriter, *http.Request) {})
	fmt.Fprintln(os.Stderr, http.ListenAndServe(os.Args[1], mux))
	os.Exit(1)
}

type receiver struct {
	mutex sync.Mutex
	out   *json.Encoder
	limit limit
}

func (r *receiver) print(line any) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if err := r.out.Encode(line); err != nil {
		panic(err)
	}
}

func (r *receiver) refuse(protocol string, err error) {
	r.print(map[string]string{"protocol": protocol, "problem": err.Error()})
}

// What is more than the limit allows at once never comes through.
func (r *receiver) take(protocol string, arrived []*arrival) error {
	for _, each := range arrived {
		if each.bytes > burst {
			r.refuse(protocol, fmt.Errorf("a profile of %d bytes", each.bytes))
		}
	}
	return r.limit.take(arrived)
}

// Push takes a request whole or not at all.
func (r *receiver) Push(_ context.Context, request *connect.Request[pushv1.PushRequest]) (*connect.Response[pushv1.PushResponse], error) {
	arrived, err := push(request.Msg)
	if err != nil {
		r.refuse("push", err)
		return nil, connect.NewError(connect.CodeInvalidArgument, err)
	}
	if err := r.take("push", arrived); err != nil {
		return nil, connect.NewError(connect.CodeResourceExhausted, err)
	}
	for _, each := range arrived {
		r.print(each)
	}
	return connect.NewResponse(&pushv1.PushResponse{}), nil
}

func push(request *pushv1.PushRequest) ([]*arrival, error) {
	var arrived []*arrival
	if len(request.Series) == 0 || len(request.ProtoReflect().GetUnknown()) > 0 {
		return nil, fmt.Errorf("%d series, %d bytes of unknown fields", len(request.Series), len(request.ProtoReflect().GetUnknown()))
	}
	for _, series := range request.Series {
		labels := map[string]string{}
		for _, label := range series.Labels {
			if _, twice := labels[label.Name]; twice || label.Name == "" || label.Value == "" {
				return nil, fmt.Errorf("label %q=%q is empty or there twice", label.Name, label.Value)
			}
			labels[label.Name] = label.Value
		}
		if labels["__name__"] == "" || labels["service_name"] == "" {
			return nil, fmt.Errorf("no name: %v", labels)
		}
		if len(series.Samples) != 1 {
			return nil, fmt.Errorf("%d profiles in a series", len(series.Samples))
		}
		if _, err := uuid.Parse(series.Samples[0].ID); err != nil {
			return nil, err
		}
		each, err := parse("push", labels, series.Samples[0].RawProfile)
		if err != nil {
			return nil, err
		}
		arrived = append(arrived, each)
	}
	return arrived, nil
}

func (r *receiver) ingest(w http.ResponseWriter, request *http.Request) {
	arrived, err := form(request)
	if err != nil {
		r.refuse("ingest", err)
		http.Error(w, err.Error(), http.StatusUnprocessableEntity)
		return
	}
	if err := r.take("ingest", arrived); err != nil {
		http.Error(w, err.Error(), http.StatusTooManyRequests)
		return
	}
	for _, each := range arrived {
		r.print(each)
	}
}

func form(request *http.Request) ([]*arrival, error) {
	query := request.URL.Query()
	for _, name := range []string{"name", "from", "until", "spyName"} {
		if query.Get(name) == "" {
			return nil, fmt.Errorf("no %s in %s", name, request.URL)
		}
	}
	// Any other format would make the server take the body as it is, and not as a form.
	recorded := query.Get("format") == "jfr"
	if query.Has("format") && !recorded {
		return nil, fmt.Errorf("a form with format=%s", query.Get("format"))
	}
	labels, err := labelset.Parse(query.Get("name"))
	if err != nil {
		return nil, err
	}
	if err := labelset.ValidateLabelSet(labels); err != nil {
		return nil, err
	}
	parts := map[string][]byte{}
	reader, err := request.MultipartReader()
	if err != nil {
		return nil, err
	}
	for part, err := reader.NextPart(); err != io.EOF; part, err = reader.NextPart() {
		if err != nil {
			return nil, err
		}
		content, err := io.ReadAll(part)
		if err != nil {
			return nil, err
		}
		parts[part.FormName()] = content
	}
	if config, there := parts["sample_type_config"]; there {
		if err := json.NewDecoder(bytes.NewReader(config)).Decode(&map[string]map[string]any{}); err != nil {
			return nil, fmt.Errorf("sample_type_config: %w", err)
		}
	}
	if recorded {
		if len(parts) != 1 {
			return nil, fmt.Errorf("%d parts beside a recording", len(parts)-1)
		}
		return recording(query, labels.Labels(), parts["jfr"])
	}
	for name := range parts {
		if name != "profile" && name != "sample_type_config" {
			return nil, fmt.Errorf("unknown part %q", name)
		}
	}
	each, err := parse("ingest", labels.Labels(), parts["profile"])
	return []*arrival{each}, err
}
