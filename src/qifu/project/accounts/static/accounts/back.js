// Back from another service: what it gave is sent on at once; without script the person touches the button.
document.querySelector("form[data-goes-on]")?.submit();
