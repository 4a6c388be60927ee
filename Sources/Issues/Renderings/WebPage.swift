public import XML
import XMPP

extension NewsletterIssue {
    /// The issue's text for a web page, a `div` in its language.
    ///
    /// It holds only what `XHTMLRendering` allows. Fragments stay on the page; the highest heading
    /// has level `firstLevel`, since the page's own title stands above it.
    public func pageText(headingsFrom firstLevel: Int = 2) -> Element {
        let rendering = XHTMLRendering(for: .page(firstLevel: firstLevel), body)
        var text = rendering.div(body, language: language)
        text.attributes["lang"] = language
        text.attributes["dir"] = TextDirection(of: language).rawValue
        text.attributes[.xmlLang] = nil
        return text
    }

    /// The issue as a whole HTML document, which needs no other file but its images.
    public var htmlDocument: String {
        "<!DOCTYPE html>\n" + document.html + "\n"
    }

    private var document: Element {
        let direction = TextDirection(of: language).rawValue
        return Element("html", in: .xhtml, ["lang": language, "dir": direction]) {
            Element("head", in: .xhtml) {
                Element("meta", in: .xhtml, ["charset": "utf-8"])
                Element(
                    "meta",
                    in: .xhtml,
                    ["name": "viewport", "content": "width=device-width, initial-scale=1"]
                )
                Element("title", in: .xhtml) { title }
                lead().map {
                    Element("meta", in: .xhtml, ["name": "description", "content": $0])
                }
                webAddress.map {
                    Element("link", in: .xhtml, ["rel": "canonical", "href": $0])
                }
                Element("style", in: .xhtml) { Self.style }
            }
            Element("body", in: .xhtml) {
                Element("main", in: .xhtml) {
                    Element("h1", in: .xhtml) { title }
                    Element("p", in: .xhtml) {
                        Element("time", in: .xhtml, ["datetime": "\(frontMatter.date)"]) {
                            "\(frontMatter.date)"
                        }
                    }
                    pageText()
                }
            }
        }
    }

    /// None of its characters needs an escape, which a style sheet in HTML could not have.
    private static let style = """
        :root { color-scheme: light dark; }
        body { font: 1.05rem/1.6 system-ui, sans-serif; margin: 0; }
        main { max-width: 42rem; margin: 0 auto; padding: 1rem; overflow-wrap: anywhere; }
        h1, h2, h3 { line-height: 1.25; }
        img { max-width: 100%; height: auto; }
        figure { margin: 1.5rem 0; }
        figcaption { font-size: 0.9em; }
        pre, table { display: block; overflow-x: auto; }
        th, td { padding: 0.2em 0.8em 0.2em 0; text-align: start; vertical-align: top; }
        blockquote { margin-inline: 0; padding-inline-start: 1em; border-inline-start: 3px solid; }
        """
}
