// What a program of npm understands of a file: `node read.cjs CLIENT FILE [STYLE LOCALE]` prints JSON.
// The packages are looked for in the folder that NODE_PATH names.
'use strict'
const fs = require('fs')
const path = require('path')

const [client, file, style, locale] = process.argv.slice(2)
const text = fs.readFileSync(file, 'utf8')

function citationJs (format) {
  const { Cite } = require('@citation-js/core')
  require('@citation-js/plugin-bibtex')
  require('@citation-js/plugin-ris')
  return new Cite(text, { ...(format && { forceType: format }), generateGraph: false }).data
}

function citeproc () {
  const CSL = require('citeproc')
  CSL.debug = () => {}
  const items = new Map(JSON.parse(text).map(item => [item.id, item]))
  const engine = new CSL.Engine({
    retrieveLocale: () => fs.readFileSync(locale, 'utf8'),
    retrieveItem: id => items.get(id)
  }, fs.readFileSync(style, 'utf8'), 'en-US', true)
  engine.setOutputFormat('text')
  engine.updateItems([...items.keys()])
  const listed = engine.makeBibliography()
  const notes = [...items.keys()].map(id => engine.previewCitationCluster(
    { citationItems: [{ id }], properties: { noteIndex: 1 } }, [], [], 'text'))
  return { notes, bibliography: listed ? listed[1] : [] }
}

const clients = {
  'citation-js-bibtex': () => citationJs('@bibtex/text'),
  'citation-js-biblatex': () => citationJs('@biblatex/text'),
  'citation-js-ris': () => citationJs('@ris/file'),
  'citation-js-csl': () => citationJs(''),
  'bibtex-parser': () => {
    const { parse } = require(path.join(process.env.NODE_PATH, '..', 'bibtex-parser.cjs'))
    const found = parse(text)
    return { entries: found.entries, errors: found.errors }
  },
  'csl-converter': () => {
    const { BibLatexParser, CSLExporter } = require('biblatex-csl-converter')
    const parsed = new BibLatexParser(text, { processUnexpected: true, processUnknown: true }).parse()
    const items = Object.entries(new CSLExporter(parsed.entries).parse())
    return items.map(([number, item]) => ({ ...item, id: parsed.entries[number].entry_key }))
  },
  citeproc
}

process.stdout.write(JSON.stringify(clients[client]()))
