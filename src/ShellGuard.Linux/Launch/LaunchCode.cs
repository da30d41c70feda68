namespace ShellGuard.Linux.Launch;

/// <summary>The assembled bytes of <c>launch.s</c>, which explains them.</summary>
internal static class LaunchCode
{
    internal const string Hex =
        "5341544889d34989ccb8b30100000f054885c0756d4d85e47e5c488b03488b7b08488b7310488b53184c8b53204c8b43" +
        "284c8b4b300f0548894338483b43407c35488b4b484885c97410488b114885d2740889024883c108ebf04885c0740e48" +
        "8b4b504929cc486bc9584801cb4883c35849ffcceb9fb8e7000000bf7f0000000f05415c5bc3";
}
