import XML
import XMPP

/// The pages of the archive for search engines (sitemaps.org, with the other languages of each).
struct SitemapFile {
    struct Page {
        var address: String
        var changed: String?

        /// The same page in all its languages.
        var versions: [(language: String, address: String)] = []
    }

    var pages: [Page]

    var text: String {
        let set = Element("urlset", in: .sitemap) {
            pages.map { page in
                Element("url") {
                    Element("loc") { page.address }
                    page.changed.map { changed in Element("lastmod") { changed } }
                    page.versions.count < 2
                        ? []
                        : page.versions.map { version in
                            Element(
                                "link",
                                in: .xhtml,
                                [
                                    "rel": "alternate", "hreflang": version.language,
                                    "href": version.address,
                                ]
                            )
                        }
                }
            }
        }
        return "<?xml version='1.0' encoding='UTF-8'?>\n" + set.xml() + "\n"
    }
}
