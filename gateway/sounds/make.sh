#!/bin/sh
# Makes the gateway's sounds: NAME.packets (Opus, read by src/media/sounds.rs) and NAME.ulaw (G.711 µ-law, 8 kHz).
# Needed only to change them. Debian: apt install sox espeak-ng opus-tools nodejs
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# encode NAME BITRATE FIRST COUNT: cuts COUNT packets of 20 ms, from packet FIRST on, out of $work/NAME.wav.
encode() {
    opusenc --quiet --bitrate "$2" --framesize 20 --comp 10 --discard-comments "$work/$1.wav" "$work/$1.opus"
    node packets.mjs "$work/$1.opus" "$1.packets" "$3" "$4"
    sox -D "$work/$1.wav" -r 8000 -e mu-law -b 8 -t raw "$1.ulaw" trim "$(($3 * 960))s" "$(($4 * 960))s"
}

# pair NAME SECONDS HERTZ HERTZ: two sines together.
pair() {
    sox -R -n -r 48000 -b 16 "$work/$1.wav" synth "$2" sine "$3" sine "$4" gain -1 remix 1,2 gain -n -9 fade 0.004 "$2" 0.004
}

# 440 Hz. A second is a whole number of periods; the encoder has settled when the cut begins, so that it loops.
sox -R -n -r 48000 -c 1 -b 16 "$work/tone.wav" synth 4 sine 440 gain -12
encode tone 32 100 50

# 400 Hz and 450 Hz, twice 0.4 s in three seconds.
pair ring 0.4 400 450
sox "$work/ring.wav" "$work/once.wav" pad 0 0.2
sox "$work/once.wav" "$work/ring.wav" "$work/ringback.wav" pad 0 2
encode ringback 24 0 150

# 480 Hz and 620 Hz, half a second in each second.
pair beep 0.5 480 620
sox "$work/beep.wav" "$work/busy.wav" pad 0 0.5
encode busy 24 0 50

# The first phrase of Beethoven's "Ode to Joy", twelve plain notes and a dotted close.
beat=0.4
notes=
n=0
for note in E4 E4 F4 G4 G4 F4 E4 D4 C4 C4 D4 E4 E4:1.5 D4:0.5 D4:2; do
    length=$(echo "$note" | awk -F: -v beat=$beat '{ print beat * ($2 ? $2 : 1) }')
    sox -R -D -n -r 48000 -c 1 -b 16 "$work/note$n.wav" synth "$length" pluck "${note%%:*}" fade 0 "$length" 0.03
    notes="$notes $work/note$n.wav"
    n=$((n + 1))
done
# shellcheck disable=SC2086 # one word a note
sox $notes "$work/music.wav" gain -n -9
encode music 24 0 320

espeak-ng -v en-us -s 150 -w "$work/spoken.wav" "Welcome to Offhook. This is the gateway speaking."
sox -D "$work/spoken.wav" -r 48000 -c 1 -b 16 "$work/padded.wav" gain -n -6 pad 0.1 2
sox -D "$work/padded.wav" "$work/welcome.wav" trim 0 3.2
encode welcome 24 0 160
