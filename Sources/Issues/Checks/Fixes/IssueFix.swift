/// A file with its mechanical mistakes corrected.
public struct IssueFix: Hashable, Sendable {
    public let path: String
    public let before: [UInt8]
    public let after: [UInt8]

    /// How many findings it makes go away.
    public let count: Int

    /// The changed lines with their neighbours, as `diff -u` shows them.
    public var diff: String {
        LineDiff(
            String(decoding: before, as: UTF8.self),
            String(decoding: after, as: UTF8.self)
        ).unified(path: path)
    }
}

extension IssueChecker {
    /// What can be corrected in some files without anybody's judgement; files without such mistakes
    /// are left out.
    ///
    /// Nothing is lost: but for blanks, brackets and letters that only looked right, and the dead
    /// fragments that are replaced, a file holds the same characters in the same order.
    public func fixes(of files: [CheckFile]) -> [IssueFix] {
        files.compactMap(fix)
    }

    private func fix(_ file: CheckFile) -> IssueFix? {
        var current = file
        // What was corrected may show what stood behind it.
        for _ in 0..<Self.mostRounds {
            guard let next = corrected(current), next.bytes != current.bytes else { break }
            current = next
        }
        guard current.bytes != file.bytes else { return nil }
        let before = check([file]).findings
        let after = check([current]).findings
        let errors = { (findings: [IssueFinding]) in findings.count { $0.severity == .error } }
        guard after.count < before.count, errors(after) <= errors(before) else { return nil }
        return IssueFix(
            path: file.path,
            before: file.bytes,
            after: current.bytes,
            count: before.count - after.count
        )
    }

    private static let mostRounds = 10

    private func corrected(_ file: CheckFile) -> CheckFile? {
        guard let subject = try? CheckSubject(file, in: context) else { return nil }
        let body = subject.source.bytes
        // Where line ends or characters were changed in reading, places are not the file's.
        guard file.bytes.suffix(body.count).elementsEqual(body) else { return nil }
        var log = FindingLog(file: file.path)
        for check in IssueCheck.all { check(subject, &log) }
        let found = log.sorted.filter { settings.level(of: $0.rule) != .off }.compactMap(\.edit)
        let edits = found + subject.fragmentEdits(settings)
        let head = file.bytes.prefix(file.bytes.count - body.count)
        return CheckFile(path: file.path, name: file.name, bytes: head + edits.applied(to: body))
    }
}

extension CheckSubject {
    /// The fragments that lead nowhere, led to the headings that were probably meant.
    fileprivate func fragmentEdits(_ settings: CheckSettings) -> [SourceEdit] {
        guard settings.level(of: .fragmentDead) != .off else { return [] }
        return issue.warnings.compactMap { finding in
            guard finding.rule == .fragmentDead, let suggestion = finding.suggestion,
                let start = source.offset(of: finding.place)
            else { return nil }
            let opening = Array("](#".utf8)
            // The address belongs to the link that begins there if no other one begins before it.
            let rest = source.bytes[start...].prefix(1_000)
            guard let found = rest.firstRange(of: opening)?.lowerBound,
                let end = rest[found...].firstIndex(of: UInt8(ascii: ")")),
                !rest[(start + 1)..<found].contains(UInt8(ascii: "["))
            else { return nil }
            return SourceEdit(range: (found + 2)..<end, replacement: suggestion)
        }
    }
}
