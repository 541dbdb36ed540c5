"""The beginning of a small code book, with its facets, and the one guide of a small study."""

FACETS = """\
kodbok: prov
titel: Prov
facetter:
  - id: valence
    namn: Slag
    värden:
      - {id: flaskhals, namn: Flaskhals}
      - {id: framgang, namn: Framgång}
      - {id: onskan, namn: Önskan}
  - id: party
    namn: Part
    värden:
      - {id: individ, namn: Den sjukskrivne}
      - {id: vard, namn: Vården}
"""
GUIDE = """\
guide: prov
titel: Prov
grupp: sjukskrivna
gruppnamn: Sjukskrivna
kod: S
part: individ
avsnitt:
  - id: a
    titel: A
    frågor:
      - {id: hur, sort: text, fråga: Hur var det?}
"""
