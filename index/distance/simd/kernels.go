package simd

// Codebook is a trained product quantiser: M sub-spaces of Dsub dimensions with Ksub (16 or 256)
// codewords each.
type Codebook struct {
	M, Dsub, Ksub int
	Words         []float32 // Layout: [M][Ksub][Dsub]float32
	Norms         []float32 // squared norms of Words. Layout: [M][Ksub]float32
	Turned        []float32 // Words for look-up tables. Layout: [M][Dsub][Ksub]float32
}

// Index computes Norms and Turned from Words.
func (c *Codebook) Index() {
	c.Norms = make([]float32, c.M*c.Ksub)
	c.Turned = make([]float32, c.M*c.Ksub*c.Dsub)
	for s := range c.M {
		for k := range c.Ksub {
			w := c.Words[(s*c.Ksub+k)*c.Dsub:][:c.Dsub]
			c.Norms[s*c.Ksub+k] = refPair(Dot, w, w)
			for j, v := range w {
				c.Turned[(s*c.Dsub+j)*c.Ksub+k] = v
			}
		}
	}
}

// SoarInput is what the choice of a second partition looks at, a tile of rows at a time. Stride is
// the row length of Dots and RDots.
type SoarInput struct {
	Dots   []float32 // <x, c>
	RDots  []float32 // <r, c>, r the residual to the first partition
	Stride int
	CNorm  []float32 // |c|^2
	RX     []float32 // <r, x>
	RR     []float32 // |r|^2
	Lambda float32
	First  []int32 // the first partitions, which are not chosen again
}

// PanelWidth is the number of columns that Dots treats at once; Pack pads to it.
func (l Level) PanelWidth() int {
	if l == Reference {
		return refPanel
	}
	return cPanel(l)
}

// Stride is the row length of Dots' output for k columns.
func (l Level) Stride(k int) int {
	w := l.PanelWidth()
	return (k + w - 1) / w * w
}

// Pack lays k rows of d floats out for Dots. Layout: [panels][d][PanelWidth]float32, zero padded.
func (l Level) Pack(rows []float32, k, d int) []float32 {
	w := l.PanelWidth()
	out := make([]float32, l.Stride(k)*d)
	for j := range k {
		panel := out[j/w*w*d+j%w:]
		for i, v := range rows[j*d : j*d+d] {
			panel[i*w] = v
		}
	}
	return out
}

// RoundUp4 pads the number of sub-spaces of 4-bit codes to what the scans step by.
func RoundUp4(m int) int { return (m + 3) &^ 3 }
