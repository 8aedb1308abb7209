// etcd, as a program of our own, so that its version and every dependency's checksum stand in this module's go.sum.
package main

import (
	"os"

	"go.etcd.io/etcd/server/v3/etcdmain"
)

func main() {
	etcdmain.Main(os.Args)
}
