//! Two people who talk: how loud each of them is, second by second.

use super::dice::Dice;

/// A conversation.
#[derive(Clone, Debug)]
pub struct People {
    here: Person,
    there: Person,
    speaking: Turn,
    until: f64,
    kind: Kind,
    /// Who listens has said hello.
    greeted: f64,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Turn {
    Here,
    There,
    Nobody,
    Both,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    /// Both talk.
    Dialogue,
    /// The person says hello, and listens.
    Lecture,
}

#[derive(Clone, Debug)]
struct Person {
    loudness: f64,
    room: f64,
    /// A noise gate gives nothing at all between words.
    has_gate: bool,
}

/// What is heard in a tenth of a second, as shares of the loudest.
#[derive(Clone, Copy, Debug)]
pub struct Heard {
    pub here: f64,
    pub there: f64,
}

impl People {
    pub fn new(dice: &mut Dice, may_have_gate: bool) -> Self {
        let has_gate = may_have_gate && dice.chance(0.08);
        let here = Person { loudness: dice.scaled(0.03, 0.25), room: dice.scaled(0.000_2, 0.003), has_gate };
        let there = Person { loudness: dice.scaled(0.03, 0.25), room: dice.scaled(0.000_05, 0.002), has_gate: false };
        let kind = if dice.chance(0.1) { Kind::Lecture } else { Kind::Dialogue };
        Self { here, there, speaking: Turn::Here, until: dice.between(0.6, 2.0), kind, greeted: 2.0 }
    }

    /// Whether its microphone is silent between words, so that nobody can tell a mute from a pause.
    pub fn has_gate(&self) -> bool {
        self.here.has_gate
    }

    /// Who only listens misses nothing.
    pub fn take_part(&mut self) {
        self.kind = Kind::Dialogue;
    }

    /// The share of the other side's voice that is as loud here as the room.
    pub fn drowned(&self) -> f64 {
        self.here.room / self.there.loudness
    }

    /// The next tenth of a second.
    pub fn talk(&mut self, at: f64, dice: &mut Dice) -> Heard {
        if at >= self.until {
            (self.speaking, self.until) = self.turn(at, dice);
        }
        let here = matches!(self.speaking, Turn::Here | Turn::Both);
        let there = matches!(self.speaking, Turn::There | Turn::Both);
        Heard { here: self.here.level(here, dice), there: self.there.level(there, dice) }
    }

    fn turn(&self, at: f64, dice: &mut Dice) -> (Turn, f64) {
        if self.kind == Kind::Lecture && at > self.greeted {
            let turn = if self.speaking == Turn::There { Turn::Nobody } else { Turn::There };
            let mean = if turn == Turn::There { 8.0 } else { 0.7 };
            return (turn, at + 0.2 + dice.exponential(mean));
        }
        let turn = match self.speaking {
            Turn::Here | Turn::There if dice.chance(0.4) => Turn::Nobody,
            Turn::Here if dice.chance(0.15) => Turn::Both,
            Turn::There if dice.chance(0.15) => Turn::Both,
            Turn::Here => Turn::There,
            Turn::There => Turn::Here,
            Turn::Nobody | Turn::Both => dice.one_of(&[Turn::Here, Turn::There]),
        };
        let mean = match turn {
            Turn::Here | Turn::There => 4.0,
            Turn::Nobody => 1.0,
            Turn::Both => 0.7,
        };
        (turn, at + 0.2 + dice.exponential(mean))
    }
}

impl Person {
    fn level(&self, speaks: bool, dice: &mut Dice) -> f64 {
        let room = self.room * dice.between(0.7, 1.4);
        match speaks {
            // Syllables, and what is between them.
            true if dice.chance(0.7) => room + self.loudness * dice.scaled(0.3, 1.8),
            true | false if self.has_gate => 0.0,
            true | false => room,
        }
    }
}
