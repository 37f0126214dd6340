// Amazon resource names, taken apart.

/// `arn:partition:service:region:account:resource`
package struct ARN: Sendable, Hashable, CustomStringConvertible {
    package var partition: String
    package var service: String
    /// Empty for what is global, such as IAM.
    package var region: String
    /// Empty for a few kinds of resources.
    package var account: String
    /// All that follows, colons included: `secret:app/production-AbCdEf`.
    package var resource: String

    package init(partition: String, service: String, region: String, account: String, resource: String) {
        self.partition = partition
        self.service = service
        self.region = region
        self.account = account
        self.resource = resource
    }

    /// Nil for what is no ARN.
    package init?(_ text: String) {
        let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false).map { String($0) }
        guard parts.count == 6, parts[0] == "arn", !parts[1].isEmpty, !parts[2].isEmpty, !parts[5].isEmpty else {
            return nil
        }
        self.init(partition: parts[1], service: parts[2], region: parts[3], account: parts[4], resource: parts[5])
    }

    package var description: String { "arn:\(partition):\(service):\(region):\(account):\(resource)" }

    /// The partition that a region is in: `aws`, `aws-cn`, ...
    package static func partition(ofRegion region: String) -> String { AWSPartition.of(region: region).id }
}
