package demodata

// Search is one search that the demo shows.
type Search struct {
	Title  string // what is asked, in a line
	Vector string // SQL that gives the vector to search with, one row and column
	SQL    string // the search; $1 is the vector
	Expect string // a text that is among the answers, as exact search finds it
}

// Searches are chosen so that each shows one thing that plain SQL, or a plain vector store, cannot do.
var Searches = []Search{
	{
		Title:  `A question in plain words: "a tower with a light that warns ships"`,
		Vector: `SELECT embedding FROM questions WHERE question = 'a tower with a light that warns ships'`,
		SQL: `SELECT word, definition, round((embedding <=> $1)::numeric, 3) AS distance
FROM definitions
ORDER BY embedding <=> $1
LIMIT 5`,
		Expect: "beacon",
	},
	{
		Title:  `By example, with a filter: what animals are like a submarine?`,
		Vector: `SELECT embedding FROM definitions WHERE word = 'submarine' AND category = 'noun.artifact' ORDER BY frequency DESC LIMIT 1`,
		SQL: `SELECT word, definition, round((embedding <=> $1)::numeric, 3) AS distance
FROM definitions
WHERE category = 'noun.animal'
ORDER BY embedding <=> $1
LIMIT 5`,
		Expect: "mako",
	},
	{
		Title:  `A range and an approximate search together: everyday words about a storm that name feelings`,
		Vector: `SELECT embedding FROM definitions WHERE word = 'storm' AND category = 'noun.phenomenon' ORDER BY frequency DESC LIMIT 1`,
		SQL: `SELECT word, definition, frequency, round((embedding <=> $1)::numeric, 3) AS distance
FROM definitions
WHERE category IN ('noun.feeling', 'verb.emotion') AND frequency >= 3
ORDER BY embedding <=> $1
LIMIT 5`,
		Expect: "fury",
	},
	{
		Title: `Vector arithmetic: king - man + woman`,
		Vector: `SELECT (SELECT embedding FROM words WHERE word = 'king')
     - (SELECT embedding FROM words WHERE word = 'man')
     + (SELECT embedding FROM words WHERE word = 'woman')`,
		SQL: `SELECT word, pos, frequency, round((embedding <=> $1)::numeric, 3) AS distance
FROM words
WHERE word NOT IN ('king', 'man', 'woman')
ORDER BY embedding <=> $1
LIMIT 5`,
		Expect: "queen",
	},
	{
		Title: `Vector arithmetic with a join: Paris - France + England, and what the answers mean`,
		Vector: `SELECT (SELECT embedding FROM words WHERE word = 'Paris')
     - (SELECT embedding FROM words WHERE word = 'France')
     + (SELECT embedding FROM words WHERE word = 'England')`,
		SQL: `SELECT near.word, d.definition, c.realm, round(near.distance::numeric, 3) AS distance
FROM (SELECT word, definition_id, embedding <=> $1 AS distance
      FROM words
      WHERE word NOT IN ('Paris', 'France', 'England')
      ORDER BY embedding <=> $1
      LIMIT 5) AS near
JOIN definitions d ON d.id = near.definition_id
JOIN categories c ON c.category = d.category
ORDER BY near.distance`,
		Expect: "London",
	},
	{
		Title:  `A search under an aggregate: in which realms are the 200 senses nearest to "violin"?`,
		Vector: `SELECT embedding FROM definitions WHERE word = 'violin' LIMIT 1`,
		SQL: `SELECT c.realm, count(*) AS senses, (array_agg(near.word ORDER BY near.distance))[1] AS nearest_word,
       round(min(near.distance)::numeric, 3) AS distance
FROM (SELECT word, category, embedding <=> $1 AS distance
      FROM definitions
      ORDER BY embedding <=> $1
      LIMIT 200) AS near
JOIN categories c ON c.category = near.category
GROUP BY c.realm
ORDER BY senses DESC, c.realm`,
		Expect: "made things",
	},
}
