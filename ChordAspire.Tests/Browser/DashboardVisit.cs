using System.Text.RegularExpressions;
using ChordAspire.Tests.ArchitectureRules;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ChordAspire.Tests.Browser;

/// <summary>What somebody does at the dashboard, and the pictures of it. Every wait is for something to be seen, within the patience.</summary>
internal sealed class DashboardVisit(IPage page, Uri dashboard, string story, TimeSpan patience)
{
    private static readonly Regex Ended = new("^(Finished|Exited)");

    private readonly float _milliseconds = (float)patience.TotalMilliseconds;
    private int _pictures;

    public IPage Page { get; } = page;

    private string Folder { get; } = Fresh(Path.Combine(Repository.Root, "artifacts", "screenshots", story));

    public Task OpenAsync(string pathAndQuery) => Page.GotoAsync(new Uri(dashboard, pathAndQuery).ToString());

    public Task LogInAsync(Uri login) => Page.GotoAsync(login.ToString());

    public async Task PictureAsync(string name)
    {
        string file = Path.Combine(Folder, $"{++_pictures:00}-{name}.png");
        await Page.ScreenshotAsync(new() { Path = file });
    }

    /// <summary>What was to be seen when it went wrong, as a picture and as text, and what the AppHost had said by then.</summary>
    public async Task KeepEvidenceAsync(string said)
    {
        await PictureAsync("failed");
        await File.WriteAllTextAsync(
            Path.Combine(Folder, $"{_pictures:00}-failed.txt"), $"{Page.Url}\n\n{await Page.Locator("body").InnerTextAsync()}\n\n{said}");
    }

    /// <summary>The row of a resource in the list.</summary>
    public ILocator Row(string resource) =>
        Page.GetByRole(AriaRole.Row).Filter(new() { Has = Page.GetByText(resource, new() { Exact = true }) }).First;

    public Task SeesAsync(ILocator what) => Expect(what).ToBeVisibleAsync(new() { Timeout = _milliseconds });

    public Task SeesAsync(string text) => SeesAsync(Page.GetByText(text).First);

    public Task SeesStateAsync(string resource, string state) => SeesAsync(State(resource, state));

    public Task SeesEndedAsync(string resource) => SeesAsync(State(resource, Ended));

    /// <summary>The state in a resource's row, when it is this one.</summary>
    public ILocator State(string resource, string state) => State(resource, new Regex($"^{state}$"));

    public Task CountsAsync(int expected, ILocator what) => Expect(what).ToHaveCountAsync(expected, new() { Timeout = _milliseconds });

    /// <summary>
    /// Chooses a command from the menu of a resource's row, and sees what comes of it. On a busy machine a page of the dashboard may lose its
    /// server; it says so, does nothing any more, and asks to be loaded again.
    /// </summary>
    public async Task PressAsync(string resource, string command, ILocator outcome)
    {
        await ChooseAsync(resource, command);
        ILocator broken = Page.GetByText("An unhandled error has occurred.").Filter(new() { Visible = true });
        await SeesAsync(outcome.Or(broken).First);
        if (await outcome.First.IsVisibleAsync())
            return;
        await Page.ReloadAsync();
        await ChooseAsync(resource, command);
        await SeesAsync(outcome.First);
    }

    /// <summary>By the tag: not every version of the dashboard says that what looks like a button is one.</summary>
    public Task PressInDialogAsync(string button) =>
        Page.Locator("fluent-dialog fluent-button").Filter(new() { HasTextRegex = new Regex($@"^\s*{button}\s*$") }).ClickAsync();

    public async Task OpenDetailsAsync(string resource)
    {
        await OpenAsync("/");
        await Row(resource).GetByText(resource, new() { Exact = true }).ClickAsync();
        await SeesAsync(Page.GetByText($": {resource}").First);
    }

    /// <summary>What the details pane says under a name; the pane must be open.</summary>
    public ILocator Detail(string name) =>
        Page.GetByRole(AriaRole.Row).Filter(new() { Has = Page.GetByText(name, new() { Exact = true }) }).Last;

    private async Task ChooseAsync(string resource, string command)
    {
        await Row(resource).GetByRole(AriaRole.Button, new() { Name = "Actions", Exact = true }).ClickAsync();
        await Page.GetByRole(AriaRole.Menuitem, new() { Name = command, Exact = true }).ClickAsync();
    }

    private ILocator State(string resource, Regex state) => Row(resource).GetByText(state).First;

    /// <summary>Pictures of an earlier run tell nothing of this one.</summary>
    private static string Fresh(string folder)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        return Directory.CreateDirectory(folder).FullName;
    }
}
