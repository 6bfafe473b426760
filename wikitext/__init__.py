"""Text in, values out, and back: nothing here touches the wiki."""
