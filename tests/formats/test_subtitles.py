"""Subtitles and recognised speech: who says what and when, from every program's way of writing it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from intervjukit.core.transcript import RawInterview
from intervjukit.errors import FileError
from intervjukit.formats.teaching import Teaching
from intervjukit.formats.transcripts import read_interview


def _read(tmp_path: Path, content: str | dict[str, Any] | list[Any], name: str, **teach: Any) -> RawInterview:
    path = tmp_path / name
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return read_interview(path, Teaching(**teach))


def _said(raw: RawInterview) -> list[tuple[str, str, float | None, float | None]]:
    return [(u.label, u.text, u.begins, u.ends) for u in raw.utterances]


TALK = [("I", "Hur började det?", 1.0, 4.5), ("R", "Det kom smygande.", 5.0, 7.25), ("I", "Och?", 8.0, 9.0)]
SRT = (
    "1\n00:00:01,000 --> 00:00:03,000\nI: Hur började\n\n2\n00:00:03,000 --> 00:00:04,500\ndet?\n\n"
    "3\n00:00:05,000 --> 00:00:07,250\n<i>R: Det kom smygande.</i>\n\n4\n00:00:08,000 --> 00:00:09,000\nI: Och?\n"
)


def test_srt_is_read_with_its_times_and_cues_cut_in_mid_sentence_are_joined(tmp_path: Path) -> None:
    raw = _read(tmp_path, SRT, "S01.srt")
    assert _said(raw) == TALK and raw.doubts == ()


@pytest.mark.parametrize("name", ["S01.txt", "S01.vtt", "S01"])
def test_srt_is_known_by_what_it_holds_and_a_wrong_name_is_told(tmp_path: Path, name: str) -> None:
    raw = _read(tmp_path, "\ufeff" + SRT.replace("\n", "\r\n"), name)
    assert _said(raw) == TALK
    assert [doubt.kind for doubt in raw.doubts] == ([] if name == "S01.srt" else ["filändelse"])


def test_a_cue_with_a_spoilt_time_is_told(tmp_path: Path) -> None:
    raw = _read(tmp_path, SRT + "\n5\n00:00:xx --> 00:00:11,000\nR: Borta.\n", "S01.srt")
    assert [doubt.kind for doubt in raw.doubts] == ["textning"] and "1 av 5" in raw.doubts[0].message


def test_zoom_writes_the_name_before_the_words(tmp_path: Path) -> None:
    cues = "".join(
        f"{n}\n00:00:0{n}.000 --> 00:00:0{n + 1}.000\n{who}: {text}\n\n"
        for n, (who, text) in enumerate([("Ada Ek", "Hur?"), ("Bo", "Så."), ("Ada Ek", "Jaha?"), ("Bo", "Ja."),
                                         ("Bo", "Jo."), ("Ada Ek", "Vad då?")], 1)
    )  # fmt: skip
    raw = _read(tmp_path, "WEBVTT\n\n" + cues, "S01.vtt")
    assert {u.label: u.role for u in raw.utterances} == {"Ada Ek": "interviewer", "Bo": "respondent"}
    assert raw.facts["intervjuare"] == "Ada Ek"
    assert [u.text for u in raw.utterances] == ["Hur?", "Så.", "Jaha?", "Ja. Jo.", "Vad då?"]


SEGMENTS = [
    {"start": 1.0, "end": 3.0, "text": " Hur började", "speaker": "SPEAKER_00"},
    {"start": 3.0, "end": 4.5, "text": " det?", "speaker": "SPEAKER_00"},
    {"start": 5.0, "end": 7.25, "text": " Det kom smygande.", "speaker": "SPEAKER_01"},
    {"start": 8.0, "end": 9.0, "text": " Och?", "speaker": "SPEAKER_00"},
]


@pytest.mark.parametrize("shape", ["whisperx", "list", "cpp"])
def test_recognised_speech_with_speakers_is_read_with_its_times(tmp_path: Path, shape: str) -> None:
    cpp = [
        {"timestamps": {"from": f"00:00:{s['start']:06.3f}".replace(".", ","), "to": f"00:00:{s['end']:06.3f}"},
         "text": s["text"], "speaker": s["speaker"]} for s in SEGMENTS
    ]  # fmt: skip
    content: Any = {"whisperx": {"segments": SEGMENTS}, "list": SEGMENTS, "cpp": {"transcription": cpp}}[shape]
    raw = _read(tmp_path, content, "S01.json")
    labels = {"I": "SPEAKER_00", "R": "SPEAKER_01"}
    assert _said(raw) == [(labels[who], text, begins, ends) for who, text, begins, ends in TALK]
    assert [u.role for u in raw.utterances] == ["interviewer", "respondent", "interviewer"]
    assert [doubt.kind for doubt in raw.doubts] == ["talare"]


def test_a_study_that_knows_who_asks_leaves_no_doubt(tmp_path: Path) -> None:
    taught = {"speakers": {"speaker_01": "interviewer", "speaker_00": "respondent"}}
    raw = _read(tmp_path, {"segments": SEGMENTS}, "S01.json", **taught)
    assert [u.role for u in raw.utterances] == ["respondent", "interviewer", "respondent"] and raw.doubts == ()


def test_labels_in_recognised_speech_do_instead_of_speakers(tmp_path: Path) -> None:
    segments = [{"start": n, "end": n + 1, "text": text} for n, text in enumerate(["I: Hur?", "R: Så.", "och så."])]
    assert _said(_read(tmp_path, {"text": "x", "segments": segments}, "S01.json")) == [
        ("I", "Hur?", 0.0, 1.0),
        ("R", "Så. och så.", 1.0, 3.0),
    ]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ('{"segments": [', "JSON går inte att läsa, rad 1"),
        ('{"text": "hej"}', "ingen utskrift från Whisper"),
        ('{"segments": "x"}', "ingen utskrift från Whisper"),
        ('{"segments": [{"text": " "}]}', "ingen text"),
        ('{"segments": [{"text": "Hej.", "start": 1e999, "end": NaN}]}', "säger inte vem som talar"),
        ('{"segments": [{"text": "\\ud800"}]}', "halva tecken"),
        ('[{"a": ' * 5_000, "JSON går inte att läsa"),
    ],
)
def test_other_or_damaged_json_is_told_by_name(tmp_path: Path, content: str, told: str) -> None:
    with pytest.raises(FileError) as caught:
        _read(tmp_path, content, "S01.json")
    assert told in caught.value.problem and "S01.json" in caught.value.problem and caught.value.fix.endswith(".")
