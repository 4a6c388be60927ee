internal import GRDB

/// The tables, and how an older database comes to have them.
///
/// A migration that was released is never edited: later changes are migrations of their own, and
/// their names tell an older program that it must not open the file.
///
/// Moments are seconds since 1970; addresses are in the one form RFC 7622 gives them.
enum Schema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 nodes, readers, publications, fan-outs") { database in
            try database.execute(sql: pubsub)
            try database.execute(sql: publications)
            try database.execute(sql: fanOuts)
        }
        migrator.registerMigration("2 history of publications, log of commands") { database in
            try database.execute(sql: history)
        }
        migrator.registerMigration("3 contacts and pauses of readers") { database in
            try database.execute(sql: readers)
        }
        migrator.registerMigration("4 messages in several parts") { database in
            try database.execute(sql: parts)
        }
        migrator.registerMigration("5 sections as items of their own") { database in
            try database.execute(sql: topics)
        }
        migrator.registerMigration("6 workflow of issues") { database in
            try database.execute(sql: workflow)
        }
        migrator.registerMigration("7 approvals of issues") { database in
            try database.execute(sql: approvals)
        }
        migrator.registerMigration("8 collected news") { database in
            try database.execute(sql: news)
        }
        migrator.registerMigration("9 days of readers, points of deliveries") { database in
            try database.execute(sql: past)
        }
        migrator.registerMigration("10 what deliveries take back, announcements") { database in
            try database.execute(sql: retractions)
        }
        migrator.registerMigration("11 rooms that read") { database in
            try database.execute(sql: rooms)
        }
        migrator.registerMigration("12 quiet hours of readers") { database in
            try database.execute(sql: quietHours)
        }
        migrator.registerMigration("13 when readers were tried again") { database in
            try database.execute(sql: "ALTER TABLE deliveryException ADD COLUMN triedAgainAt REAL")
        }
        migrator.registerMigration("14 answers to announcements, parts of messages") { database in
            try database.execute(sql: answersAndParts)
        }
        migrator.registerMigration("15 conversations, corrections, later translations") {
            database in
            try database.execute(sql: conversations)
        }
        migrator.registerMigration("16 readers who are busy") { database in
            try database.execute(sql: busyReaders)
        }
        migrator.registerMigration("17 idle readers") { database in
            try database.execute(sql: idleReaders)
        }
        migrator.registerMigration("18 presence, and since when readers are sent something") {
            database in
            try database.execute(sql: presence)
        }
        migrator.registerMigration("19 operations at other services") { database in
            try database.execute(sql: engineOperations)
        }
        migrator.registerMigration("20 how much events carry") { database in
            try database.execute(sql: eventPayload)
        }
        migrator.registerMigration("21 new readers are counted together") { database in
            try database.execute(sql: additions)
        }
        migrator.registerMigration("22 readers at other services") { database in
            try database.execute(sql: engineReaders)
        }
        migrator.registerMigration("23 what keeps a move back") { database in
            try database.execute(sql: engineObstacles)
        }
        migrator.registerMigration("24 deliveries through a multicast service") { database in
            try database.execute(sql: multicast)
        }
        migrator.registerMigration("25 what went through a multicast service") { database in
            try database.execute(sql: multicastUses)
        }
        return migrator
    }
}
