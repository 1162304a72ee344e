// Loads a compose file as `docker compose config` does, with the library it is built on: it interpolates from the
// environment, checks against the Compose Specification's schema and for consistency, and prints the result as JSON.
package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/compose-spec/compose-go/v2/cli"
)

func main() {
	if err := load(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func load(file string) error {
	options, err := cli.NewProjectOptions([]string{file}, cli.WithOsEnv, cli.WithWorkingDirectory(filepath.Dir(file)), cli.WithName("paramedic"))
	if err != nil {
		return err
	}
	project, err := options.LoadProject(context.Background())
	if err != nil {
		return err
	}
	document, err := project.MarshalJSON()
	if err != nil {
		return err
	}
	_, err = os.Stdout.Write(document)
	return err
}
