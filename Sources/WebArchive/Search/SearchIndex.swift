import Issues

/// The words of all issues in a language, and the sections each occurs in.
///
/// Sections that stand in every issue are left out: everybody would find them all.
struct SearchIndex {
    /// A section of an issue: the issue's number, its title, where it begins on the page.
    private struct Place {
        var issue: Int
        var title: String
        var fragment: String
    }

    private var issues: [ArchivedIssue] = []
    private var places: [Place] = []
    private var words: [String: [Int]] = [:]

    /// `issues` newest first; so are the results.
    init(_ issues: [ArchivedIssue]) {
        self.issues = issues
        for (number, archived) in issues.enumerated() {
            let issue = archived.issue
            let introduction = issue.outline.introduction.joined().map { issue.body[$0] }
            add(
                issue.title + "\n" + BlockText(introduction).text,
                Place(issue: number, title: "", fragment: "")
            )
            for section in issue.outline.all where section.kind != .boilerplate {
                let blocks = section.parts.joined().map { issue.body[$0] }
                let heading = section.headings.first.flatMap { index in
                    if case .heading(let heading) = issue.body[index].content {
                        heading
                    } else {
                        nil
                    }
                }
                add(
                    section.title + "\n" + BlockText(blocks).text,
                    Place(issue: number, title: section.title, fragment: heading?.id ?? "")
                )
            }
        }
    }

    private mutating func add(_ text: String, _ place: Place) {
        let number = places.count
        places.append(place)
        for word in Set(SearchWords.of(text)) { words[word, default: []].append(number) }
    }

    /// The index as `search.js` reads it: words in the order of JavaScript's strings, and for each
    /// the differences between the numbers of its sections.
    func json(path: (ArchivedIssue) -> String) -> String {
        let sorted = words.keys.sorted { $0.utf16.lexicographicallyPrecedes($1.utf16) }
        let issues = issues.map { issue in
            "{\"path\":\(JSONText.quoted(path(issue))),"
                + "\"title\":\(JSONText.quoted(issue.issue.title)),"
                + "\"date\":\(JSONText.quoted("\(issue.date)"))}"
        }
        let sections = places.map { place in
            "[\(place.issue),\(JSONText.quoted(place.title)),\(JSONText.quoted(place.fragment))]"
        }
        let lists = sorted.map { word in
            var last = 0
            let steps = (words[word] ?? []).map { number in
                defer { last = number }
                return String(number - last)
            }
            return "[\(steps.joined(separator: ","))]"
        }
        return "{\"issues\":[\(issues.joined(separator: ",\n"))],\n"
            + "\"sections\":[\(sections.joined(separator: ",\n"))],\n"
            + "\"words\":[\(sorted.map { JSONText.quoted($0) }.joined(separator: ","))],\n"
            + "\"places\":[\(lists.joined(separator: ","))]}\n"
    }
}

/// Texts in JSON (RFC 8259 §7).
enum JSONText {
    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
