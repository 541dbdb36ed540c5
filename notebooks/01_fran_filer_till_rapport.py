# ---
# jupyter:
#   jupytext:
#     formats: py:percent,ipynb
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Från filer till rapport
#
# Här går exempelstudien hela vägen: intervjuer läses in, förslag läggs fram, kodning tas in, fynden räknas och
# en Word-rapport skrivs. **Alla personer, platser och arbetsplatser i exemplet är påhittade.**
#
# Allt sker på din dator. Ingenting skickas någonstans.

# %% tags=["parameters"]
mapp = "studie"  # här hamnar studien och rapporten

# %%
from pathlib import Path

from intervjukit import Study, example

exempel = example("halsoflodet")
study = Study.create(
    Path(mapp),
    protocols="halsoflodet",
    codebook="halsoflodet",
    name="Hälsoflödet, påhittad exempelstudie",
    coder="exempel",
)

# %% [markdown]
# ## Intervjuerna
#
# Filerna har den form folk brukar ha: Word med I: och R:, feta frågor, ifyllda guider, textfiler, VTT. Grupp, respondent,
# talare och bakgrundsfakta känns igen, och varje svar knyts till guidens fråga.

# %%
inlästa = study.add_transcripts(exempel / "intervjuer")
print(len(inlästa.added), "intervjuer,", inlästa.doubts, "tveksamheter att titta på")
study.transcripts().head()

# %%
study.transcripts().groupby("group").agg(intervjuer=("respondent", "nunique"), ord=("words", "mean")).round()

# %% [markdown]
# Det som inte är säkert listas, i stället för att gissas bort. Här är några av tveksamheterna:

# %%
study.doubts.table()[["respondent", "kind", "message"]].head()

# %% [markdown]
# ## Förslag
#
# Programmet föreslår kodningar ur kodboken och säger varför. Ett förslag räknas aldrig som kodning förrän någon har
# godtagit det.

# %%
study.suggest()
förslag = study.suggestions().sort_values("score", ascending=False)
förslag[["id", "respondent", "quote", "code", "valence", "party", "score", "reason"]].head()

# %%
första = int(förslag.iloc[0]["id"])
study.accept(första)

# %%
study.history.undo()  # vi ångrar det: exemplets egna kodningar kommer härnäst

# %% [markdown]
# ## Kodningar
#
# Exemplet har en kodares beslut för alla intervjuer i en CSV-fil.

# %%
study.add_codings(exempel / "kodningar.csv")
study.codings()[["respondent", "quote", "code", "valence", "party"]].head()

# %% [markdown]
# ## Fynd
#
# Fynd räknas i personer: *n* av *N* i gruppen, med det ord som hör till antalet.

# %%
fynd = study.findings(valence="flaskhals")
fynd[["group", "party", "code", "n", "N", "quantifier"]].query("n > 2")

# %%
fynd.iloc[0]["quotes"]

# %% [markdown]
# ## Vem säger vad om vem?

# %%
perspektiv = study.perspectives().query("valence == 'flaskhals'")
perspektiv.assign(andel=perspektiv["n"] / perspektiv["N"]).pivot(index="group", columns="party", values="andel").round(2)

# %%
study.contrasts().query("kind == 'motsägelse'").head()

# %% [markdown]
# ## Ett diagram

# %%
import matplotlib.pyplot as plt

ordning = study.ranking("flaskhals").head(10).iloc[::-1]
figur, axel = plt.subplots(figsize=(7, 3.6))
staplar = axel.barh(ordning["name"], ordning["n"], color="#B4532A")
axel.bar_label(staplar, padding=3)
axel.set_title(f"Flaskhalsar: antal av {ordning['N'].iloc[0]} intervjuade", loc="left")
axel.spines[["top", "right", "bottom"]].set_visible(False)
axel.set_xticks([])
figur.tight_layout()
plt.show()

# %% [markdown]
# ## SWOT, åtgärder och rapport
#
# SWOT och åtgärder är utkast som pekar på fynden. Ändra dem med `study.swot.edit(…)` och `study.measures.edit(…)`.

# %%
study.swot.draft()
study.measures.draft()
study.swot.table()

# %%
study.report(Path(mapp) / "rapport.docx")

# %%
study.close()
