/// An address in an issue file that can be followed over the web.
public struct WebLink: Hashable, Sendable {
    public let file: String
    public let place: SourcePlace

    /// Absolute, `http:` or `https:`, without fragment.
    public let address: String

    /// The address as it is shown: one may be as long as its writer likes.
    public static func shown(_ address: String) -> String {
        address.count > 200 ? address.prefix(200) + "…" : address
    }

    /// What is said of it if it leads nowhere.
    public func dead(reason: String) -> IssueFinding {
        IssueFinding(
            file: file,
            place: place,
            severity: .warning,
            message: "\(Self.shown(address)) leads nowhere: \(reason). "
                + "Correct the address, or link elsewhere.",
            rule: .linkDead
        )
    }
}

extension IssueChecker {
    /// The web links and images of the files, in their order; files that can't be read have none.
    public func webLinks(in files: [CheckFile]) -> [WebLink] {
        files.flatMap { file -> [WebLink] in
            guard let subject = try? CheckSubject(file, in: context) else { return [] }
            let links = subject.index.links.compactMap { link -> (String, SourcePlace)? in
                if case .address(let address) = link.target { (address, link.place) } else { nil }
            }
            let images =
                subject.index.images.map { ($0.source, $0.place) }
                + subject.index.figures.map { ($0.figure.source, $0.place) }
            return (links + images).compactMap { address, place in
                let address = String(address.prefix { $0 != "#" })
                let scheme = address.prefix { $0 != ":" }
                guard scheme == "http" || scheme == "https" else { return nil }
                return WebLink(file: file.path, place: place, address: address)
            }
        }
    }

    /// A report with more findings, each counted by the settings and at its place.
    public func adding(_ findings: [IssueFinding], to report: CheckReport) -> CheckReport {
        var report = report
        let order = report.findings.map(\.file) + findings.map(\.file)
        var ranks: [String: Int] = [:]
        for file in order where ranks[file] == nil { ranks[file] = ranks.count }
        report.findings += findings.compactMap(settings.judged)
        report.findings.sort {
            (ranks[$0.file] ?? 0, $0.place) < (ranks[$1.file] ?? 0, $1.place)
        }
        return report
    }
}
