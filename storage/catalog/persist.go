package catalog

import (
	"hash/maphash"
	"iter"
	"maps"
)

// shardCount is the number of parts of a pmap. A change copies one part and the table of parts, so
// at 100,000 objects it costs about 1,000 words instead of all.
const shardCount = 512

var shardSeed = maphash.MakeSeed()

// pmap is a map that is changed by copying: with and without return a new map that shares most of
// its memory with the old one. The zero value is empty.
type pmap[K comparable, V any] struct {
	shards *[shardCount]map[K]V
	count  int
}

func shardOf[K comparable](k K) int {
	return int(maphash.Comparable(shardSeed, k) % shardCount)
}

func (m pmap[K, V]) get(k K) (v V, ok bool) {
	if m.shards == nil {
		return v, false
	}
	v, ok = m.shards[shardOf(k)][k]
	return v, ok
}

func (m pmap[K, V]) with(k K, v V) pmap[K, V] {
	i := shardOf(k)
	shard, had := m.copied(i, k)
	shard[k] = v
	if !had {
		m.count++
	}
	return m.replaced(i, shard)
}

func (m pmap[K, V]) without(k K) pmap[K, V] {
	if _, ok := m.get(k); !ok {
		return m
	}
	i := shardOf(k)
	shard, _ := m.copied(i, k)
	delete(shard, k)
	m.count--
	return m.replaced(i, shard)
}

// copied returns a copy of the shard i and whether it has k.
func (m pmap[K, V]) copied(i int, k K) (map[K]V, bool) {
	if m.shards == nil || m.shards[i] == nil {
		return make(map[K]V, 1), false
	}
	_, had := m.shards[i][k]
	return maps.Clone(m.shards[i]), had
}

func (m pmap[K, V]) replaced(i int, shard map[K]V) pmap[K, V] {
	shards := new([shardCount]map[K]V)
	if m.shards != nil {
		*shards = *m.shards
	}
	shards[i] = shard
	m.shards = shards
	return m
}

// values yields every value, in no order.
func (m pmap[K, V]) values() iter.Seq[V] {
	return func(yield func(V) bool) {
		if m.shards == nil {
			return
		}
		for _, shard := range m.shards {
			for _, v := range shard {
				if !yield(v) {
					return
				}
			}
		}
	}
}
