import XML
import XMPP

/// What stands for an issue that is too large for an item: its lead, and where all of it is.
extension NewsletterIssue {
    func abridgedText(link: String?) -> String {
        [lead(), linkText(link)].compactMap { $0 }.joined(separator: "\n\n")
    }

    func abridgedXHTML(link: String?) -> Element {
        Element("div", in: .xhtml, [.xmlLang: language]) {
            lead().map { lead in Element("p", in: .xhtml) { lead } }
            (webAddress ?? link).map { address in
                Element("p", in: .xhtml) {
                    "\(Labels(in: language).readOnline) "
                    Element("a", in: .xhtml, ["href": address]) { address }
                }
            }
        }
    }

    private func linkText(_ link: String?) -> String? {
        (webAddress ?? link).map { "\(Labels(in: language).readOnline) \($0)" }
    }
}
