namespace ShellGuard.Core.Flow.Operations;

/// <summary>A person is made known, who may see what the clearance has.</summary>
public sealed record CreateHuman(NodeId Human, string Name, TagSet Clearance) : FlowOperation;
