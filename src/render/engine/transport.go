//go:build wasip1

package main

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"net/http"

	"plumbline.dev/render/host"
)

// transport is what the engines' HTTP goes through: remote files of kustomizations. The host decides whether it may be asked.
type transport struct{}

func (transport) RoundTrip(request *http.Request) (*http.Response, error) {
	status := http.StatusOK
	content, err := host.Get(request.URL.String())
	if errors.Is(err, fs.ErrNotExist) {
		status = http.StatusNotFound
	} else if err != nil {
		return nil, err
	}
	return &http.Response{
		StatusCode: status, Status: http.StatusText(status), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(content)), ContentLength: int64(len(content)), Request: request,
	}, nil
}
