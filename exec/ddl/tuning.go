package ddl

import (
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/sql/types"
)

// alterTuning runs the commands that tune storage and statistics. They have no effect here, but what they name has to be there.
func (c *Context) alterTuning(old *schema.Table, cmd *sql.AlterCmd) error {
	switch cmd.Kind {
	case sql.AlterSetOptions, sql.AlterResetOptions:
		t := cloneTable(old)
		known := tableParameters
		if old.Kind == schema.KindView {
			known = viewParameters
		}
		var err error
		if t.Options, err = setParameters(known, old.Options, cmd.Options, cmd.Kind == sql.AlterResetOptions); err != nil {
			return err
		}
		if old.Kind == schema.KindView {
			if err := refuseViewOptions(t.Options); err != nil {
				return err
			}
		}
		return c.Txn.Put(t)
	case sql.AlterSetMethod:
		return checkMethod(cmd.Name)
	case sql.AlterClusterOn, sql.AlterReplicaIdentity:
		return c.ownsIndex(old, cmd.Name)
	case sql.AlterNothing:
		return nil
	}
	return alterColumnTuning(old, cmd)
}

func alterColumnTuning(t *schema.Table, cmd *sql.AlterCmd) error {
	col, err := alterable(t, cmd.Name, "alter")
	if err != nil {
		return err
	}
	switch cmd.Kind {
	case sql.AlterSetStatistics:
		return checkStatistics(cmd.Value)
	case sql.AlterSetAttribute:
		_, err = readParameters(columnParameters, cmd.Options)
	case sql.AlterSetStorage:
		return checkStorage(cmd.Value, col.Type)
	case sql.AlterSetCompression:
		return checkCompression(cmd.Value)
	}
	return err
}

// checkColumnForm checks STORAGE and COMPRESSION of a column's definition.
func checkColumnForm(def *sql.ColumnDef, t types.T) error {
	if def.Storage != "" {
		if err := checkStorage(def.Storage, t); err != nil {
			return err
		}
	}
	if def.Compression != "" {
		return checkCompression(def.Compression)
	}
	return nil
}

func checkStatistics(target string) error {
	n, err := strconv.Atoi(target)
	if err != nil {
		return pgerr.New(pgerrcode.SyntaxError, "invalid statistics target %q", target)
	}
	if n < -1 {
		return pgerr.New(pgerrcode.InvalidParameterValue, "statistics target %d is too low", n)
	}
	return nil // above statisticsMax it is lowered, with a warning
}

// checkStorage wants a known storage form; the others than PLAIN are for types of any length.
func checkStorage(form string, t types.T) error {
	form = strings.ToLower(form)
	if !slices.Contains([]string{"plain", "external", "extended", "main", "default"}, form) {
		return pgerr.New(pgerrcode.InvalidParameterValue, "invalid storage type %q", form)
	}
	if typ := types.Lookup(t.OID); form != "plain" && form != "default" && typ != nil && typ.Len > 0 {
		return pgerr.New(pgerrcode.FeatureNotSupported, "column data type %s can only have storage PLAIN", types.FormatType(t))
	}
	return nil
}

func checkCompression(method string) error {
	if !slices.Contains([]string{"pglz", "lz4", "default"}, method) {
		return pgerr.New(pgerrcode.InvalidParameterValue, "invalid compression method %q", method)
	}
	return nil
}

// checkMethod wants the access method of a table to be the one that there is.
func checkMethod(name string) error {
	if name != "" && name != "heap" {
		return pgerr.New(pgerrcode.UndefinedObject, "access method %q does not exist", name)
	}
	return nil
}

// ownsIndex wants an index of that name ("": none is named) to be the table's.
func (c *Context) ownsIndex(t *schema.Table, name string) error {
	for _, x := range c.catalog().IndexesOf(t.OID) {
		if x.Name == name {
			return nil
		}
	}
	if name == "" {
		return nil
	}
	return pgerr.New(pgerrcode.UndefinedObject, "index %q for table %q does not exist", name, t.Name)
}
