"""Descriptions whose word the demo looks for: written for it, not taken from WordNet."""
QUESTIONS = [
    "a place where you can borrow books",
    "an animal that sleeps through the winter",
    "to say something in a very quiet voice",
    "a small boat moved with a paddle",
    "the science that studies the stars",
    "a tower with a light that warns ships",
    "an instrument that measures how hot it is",
    "a woman whose husband has died",
    "a child whose parents are dead",
    "longing for the past",
    "a dish made of beaten eggs",
    "a long yellow fruit that monkeys like",
    "a needle that always points north",
    "something sweet that bees make",
    "a sudden feeling of great fear",
]
