import Component
import Foundation
import Issues
import Newsroom
import Publishing

extension NewsletterDesk {
    /// Takes the settings, and the language of the newsletter's rooms.
    init(_ settings: NewsletterSettings, roomLanguage: String) {
        let language = settings.newsletter.defaultFeed.language
        self.init(
            newsletter: settings.newsletter,
            directory: IssueDirectory(
                path: settings.issues.path(percentEncoded: false),
                defaultLanguage: language
            ),
            context: settings.issueContext,
            checks: settings.checks,
            zone: settings.zone,
            language: roomLanguage,
            approvals: settings.approvals,
            specifications: settings.specificationLists.map {
                SpecificationFolder(path: $0.path(percentEncoded: false))
            },
            calendar: settings.calendar
        )
    }
}

extension IssueDate {
    /// The day it is now, in UTC.
    static var today: IssueDate {
        let parts = Calendar(identifier: .iso8601).dateComponents(in: .gmt, from: Date())
        let date = IssueDate(year: parts.year ?? 0, month: parts.month ?? 0, day: parts.day ?? 0)
        guard let date else { preconditionFailure("the calendar has no day today") }
        return date
    }
}
