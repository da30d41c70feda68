namespace ShellGuard.Escape.Tests.Support;

/// <summary>A copy of id(1) that becomes its owner when it starts, where every cell sees it.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Owner">The number of the user that it becomes outside.</param>
internal sealed record SetUserId(string Path, int Owner)
{
    /// <summary>Of root, and of a user that is neither who runs the tests nor root; none where the tests run without root.
    /// </summary>
    internal static IReadOnlyList<SetUserId> All { get; } = Identity.All[0].Uid == 0 ? [Install(0), Install(65534)] : [];

    private static SetUserId Install(int owner)
    {
        string path = $"{Lab.Root}/bin/set-user-id-{owner}";
        Outcome installed = Programs.Run(["install", "-m", "4755", "-o", $"{owner}", "/usr/bin/id", path], "/");
        Assert.True(installed.Status == 0, installed.ToString());
        return new SetUserId(path, owner);
    }
}
