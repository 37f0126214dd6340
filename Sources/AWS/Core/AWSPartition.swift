// The separate worlds that AWS regions belong to, and how hosts are called in each.

/// A partition, by the names of its regions. Figures from botocore's partitions.json and endpoint rules of 2026.
struct AWSPartition {
    let id: String
    let regionPrefix: String
    let suffix: String
    /// Where services answer over IPv6 too; nil where none is known.
    let dualStackSuffix: String?
    /// Global services are signed for this region.
    let globalRegion: String

    private static let commercial = AWSPartition(
        id: "aws", regionPrefix: "", suffix: "amazonaws.com", dualStackSuffix: "api.aws", globalRegion: "us-east-1")
    private static let others = [
        AWSPartition(
            id: "aws-cn", regionPrefix: "cn-", suffix: "amazonaws.com.cn",
            dualStackSuffix: "api.amazonwebservices.com.cn", globalRegion: "cn-north-1"),
        AWSPartition(
            id: "aws-us-gov", regionPrefix: "us-gov-", suffix: "amazonaws.com", dualStackSuffix: "api.aws",
            globalRegion: "us-gov-west-1"),
        AWSPartition(
            id: "aws-iso", regionPrefix: "us-iso-", suffix: "c2s.ic.gov", dualStackSuffix: "api.aws.ic.gov",
            globalRegion: "us-iso-east-1"),
        AWSPartition(
            id: "aws-iso-b", regionPrefix: "us-isob-", suffix: "sc2s.sgov.gov", dualStackSuffix: "api.aws.scloud",
            globalRegion: "us-isob-east-1"),
        AWSPartition(
            id: "aws-iso-e", regionPrefix: "eu-isoe-", suffix: "cloud.adc-e.uk", dualStackSuffix: nil,
            globalRegion: "eu-isoe-west-1"),
        AWSPartition(
            id: "aws-iso-f", regionPrefix: "us-isof-", suffix: "csp.hci.ic.gov", dualStackSuffix: nil,
            globalRegion: "us-isof-south-1"),
        AWSPartition(
            id: "aws-eusc", regionPrefix: "eusc-", suffix: "amazonaws.eu", dualStackSuffix: "api.amazonwebservices.eu",
            globalRegion: "eusc-de-east-1"),
    ]

    static func of(region: String) -> AWSPartition {
        others.first { region.lowercased().hasPrefix($0.regionPrefix) } ?? commercial
    }

    func host(
        of service: AWSService, in region: String, usesFIPS: Bool, usesDualStack: Bool
    ) throws(AWSEndpoint.Failure) -> String {
        guard let dualStackSuffix = usesDualStack ? dualStackSuffix : suffix else {
            throw AWSEndpoint.Failure(reason: "no dual-stack endpoint is known in the partition \(id)")
        }
        let fips = usesFIPS && !servesFIPSUnderPlainName(service, usesDualStack) ? "-fips" : ""
        if service.isGlobal {
            return service.name + fips + globalLabel(usesDualStack) + "." + dualStackSuffix
        }
        // In the older partitions, Secrets Manager answers over IPv6 under its ordinary name.
        let isPlain = service == .secretsManager && ["aws", "aws-cn", "aws-us-gov"].contains(id)
        return "\(service.name)\(fips).\(region).\(isPlain ? suffix : dualStackSuffix)"
    }

    private func servesFIPSUnderPlainName(_ service: AWSService, _ usesDualStack: Bool) -> Bool {
        id == "aws-us-gov" && service != .secretsManager && (service.isGlobal || !usesDualStack)
    }

    private func globalLabel(_ usesDualStack: Bool) -> String {
        switch (id, usesDualStack) {
        case ("aws", false): ""
        case ("aws-us-gov", _): ".us-gov"
        case ("aws", true), ("aws-cn", true): ".global"
        case (_, true): ""
        default: "." + globalRegion
        }
    }
}
