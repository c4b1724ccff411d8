package planner

import (
	"fmt"
	"strconv"
	"strings"
)

// Group is a part of EXPLAIN's answer as programs read it: fields in PostgreSQL's order.
type Group struct{ Fields []Field }

// Field is a named value of a Group: a string, bool, int64, Number, list of strings, *Group, or list of *Group.
type Field struct {
	Name  string
	Value any
}

// Number is a number with the digits that it is shown with.
type Number string

// Fixed is a number with so many digits behind the point.
func Fixed(v float64, digits int) Number { return Number(strconv.FormatFloat(v, 'f', digits, 64)) }

// Add appends a field; of an empty string it does not.
func (g *Group) Add(name string, v any) {
	if v != "" {
		g.Fields = append(g.Fields, Field{name, v})
	}
}

// find is the field of that name, nil when there is none.
func (g *Group) find(name string) *Field {
	for i := range g.Fields {
		if g.Fields[i].Name == name {
			return &g.Fields[i]
		}
	}
	return nil
}

// scalar is the text of a value that is no list, with quote applied to strings.
func scalar(v any, quote func(string) string) string {
	if s, ok := v.(string); ok {
		return quote(s)
	}
	return fmt.Sprint(v)
}

func line(b *strings.Builder, indent int, text string) {
	b.WriteString("\n" + strings.Repeat(" ", indent) + text)
}

// JSON prints the group as the one element of FORMAT JSON's array.
func (g *Group) JSON() string {
	var b strings.Builder
	b.WriteString("[\n  ")
	g.json(&b, 2)
	b.WriteString("\n]")
	return b.String()
}

func (g *Group) json(b *strings.Builder, indent int) {
	b.WriteString("{")
	for i, f := range g.Fields {
		line(b, indent+2, quoteJSON(f.Name)+": ")
		switch v := f.Value.(type) {
		case *Group:
			v.json(b, indent+2)
		case []*Group:
			b.WriteString("[")
			for j, e := range v {
				line(b, indent+4, "")
				e.json(b, indent+4)
				b.WriteString(comma(j, len(v)))
			}
			line(b, indent+2, "]")
		case []string:
			b.WriteString("[" + strings.Join(quoteAll(v), ", ") + "]")
		default:
			b.WriteString(scalar(v, quoteJSON))
		}
		b.WriteString(comma(i, len(g.Fields)))
	}
	line(b, indent, "}")
}

// comma parts element i of n from the next.
func comma(i, n int) string {
	if i < n-1 {
		return ","
	}
	return ""
}

func quoteAll(list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = quoteJSON(s)
	}
	return out
}

func quoteJSON(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch r {
		case '"', '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case '\n':
			b.WriteString(`\n`)
		case '\t':
			b.WriteString(`\t`)
		case '\r':
			b.WriteString(`\r`)
		default:
			if r < ' ' {
				fmt.Fprintf(&b, `\u%04x`, r)
				continue
			}
			b.WriteRune(r)
		}
	}
	return b.String() + `"`
}

// YAML prints the group as the one element of FORMAT YAML's list.
func (g *Group) YAML() string {
	var b strings.Builder
	g.yaml(&b, 0)
	return b.String()
}

// yaml prints a group as an element of a list.
func (g *Group) yaml(b *strings.Builder, indent int) {
	b.WriteString("- ")
	g.yamlFields(b, indent+2, true)
}

func (g *Group) yamlFields(b *strings.Builder, indent int, begun bool) {
	for i, f := range g.Fields {
		if i > 0 || !begun {
			line(b, indent, "")
		}
		b.WriteString(f.Name + ": ")
		switch v := f.Value.(type) {
		case *Group:
			v.yamlFields(b, indent+2, false)
		case []*Group:
			for _, e := range v {
				line(b, indent+2, "")
				e.yaml(b, indent+2)
			}
		case []string:
			for _, s := range v {
				line(b, indent+2, "- "+quoteJSON(s))
			}
		default:
			b.WriteString(scalar(v, quoteJSON))
		}
	}
}

// XML prints the group as FORMAT XML's document.
func (g *Group) XML() string {
	var b strings.Builder
	b.WriteString(`<explain xmlns="http://www.postgresql.org/2009/explain">` + "\n  <Query>")
	g.xml(&b, 4)
	b.WriteString("\n  </Query>\n</explain>")
	return b.String()
}

func (g *Group) xml(b *strings.Builder, indent int) {
	for _, f := range g.Fields {
		tag := strings.ReplaceAll(f.Name, " ", "-")
		if text, ok := xmlScalar(f.Value); ok {
			line(b, indent, "<"+tag+">"+text+"</"+tag+">")
			continue
		}
		line(b, indent, "<"+tag+">")
		switch v := f.Value.(type) {
		case *Group:
			v.xml(b, indent+2)
		case []*Group:
			for _, e := range v {
				element := strings.TrimSuffix(tag, "s")
				line(b, indent+2, "<"+element+">")
				e.xml(b, indent+4)
				line(b, indent+2, "</"+element+">")
			}
		case []string:
			for _, s := range v {
				line(b, indent+2, "<Item>"+quoteXML(s)+"</Item>")
			}
		}
		line(b, indent, "</"+tag+">")
	}
}

func xmlScalar(v any) (string, bool) {
	switch v.(type) {
	case *Group, []*Group, []string:
		return "", false
	}
	return scalar(v, quoteXML), true
}

func quoteXML(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\r", "&#x0d;").Replace(s)
}
