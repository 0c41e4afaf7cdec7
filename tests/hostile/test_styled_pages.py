"""What the style sheets of a page hide or strike out is not said, however they say it; and nothing that a browser does not read brings it back."""

from __future__ import annotations

import re
import time

import pytest

from bestand.documents.colours import WHITE, read_colour
from bestand.documents.html import page_text
from bestand.errors import EvidenceError
from bestand.evidence.source import letters_turned
from tests.depth import spread

UNSEEN = r"""
<p style="backface-visibility:hidden;transform:rotateY(180deg)">not
<p style="-webkit-backface-visibility:hidden;transform:rotateX(.5turn)">not
<p style="zoom:0.001">not
<p style="zoom:1%">not
<p style="-webkit-text-security:disc">not
<style><!-- .n{display:none} --></style><p class=n>not
<style>:root{--x:#fff}.n{color:var(--x)}</style><p class=n>not
<p style="--d:none;display:var(--d)">not
<style>.n{--t:line-through}</style><p class=n><b style="text-decoration:var(--t)">not
<p style="color:var(--nope,#fff)">not
<div style="--a:#fff"><div style="--b:var(--a)"><p style="color:var(--b)">not
<p style="--w:0 0 0 -9999px;margin:var(--w)">not
<style>h1+p{display:none}</style><h1>a</h1><p>not
<style>h1~p{display:none}</style><h1>a</h1><div></div><p>not
<style>.a > .b .c{display:none}</style><div class=a><div class=b><div><div class=b><p class=c>not
<style>p:first-child{display:none}</style><div><p>not</p></div>
<style>p:nth-child(2n){display:none}</style><div><i>x</i><p>not</p></div>
<style>p:nth-child(odd){display:none}</style><div><i>x</i><i>x</i><p>not</p></div>
<style>p:last-child{display:none}</style><div><i>x</i><p>not</p></div>
<style>p:only-child{display:none}</style><div><p>not</p></div>
<style>p/**/{display:/**/none/* */!important}</style><p>not
<style>.n:is(!, .n){display:none}</style><p class=n>not
<style>div:has(> .a b){display:none}</style><div><p class=a><b>not</b></p></div>
<style>div{--x:none} p{--x:inherit;display:var(--x)}</style><div><p>not</p></div>
<style>p{font-size:calc(1px /* */ - (2px - 1px))}</style><p>not
<style>.n{display:none}.n, b::before.x{display:block!important}</style><p class=n>not
<style>.n{display:none}.n, b:not(::before){display:block!important}</style><p class=n>not
<style>.n{display:none}.n, b:has(!){display:block!important}</style><p class=n>not
<style>.a{.b{display:block} display:none}</style><p class=a>not
<style>.a, .z{> .b{display:none}}</style><div class=a><p class=b>not</p></div>
<style>@media (nonsense) or (color){p{display:none}}</style><p>not
<style>@media not print{p{display:none}}</style><p>not
<style>p:nth-of-type(2){display:none}</style><div><p>x</p><p>not</p></div>
<style>@keyframes h{} p{opacity:0;animation:h 1s}</style><p>not
<style>@keyframes h{to{color:red}} p{opacity:0;animation:h 1s forwards}</style><p>not
<style>@keyframes h{to{opacity:1}} p{display:none;animation:h 1s forwards}</style><p>not
<style>@keyframes h{to{opacity:1}} p{opacity:0;animation:other 1s forwards}</style><p>not
<style>p:last-of-type{display:none}</style><div><p>x</p><p>not</p></div>
<style>p:nth-last-child(-n+1){display:none}</style><div><p>x</p><p>not</p></div>
<style>div:has(b) p{display:none}</style><div><b>x</b><p>not</p></div>
<style>h1:has(+ p) ~ p{display:none}</style><h1>a</h1><p>not
<style>input:checked ~ p{display:none}</style><div><input type=checkbox checked><p>not</div>
<style>p:is(.a .n){display:none}</style><div class=a><p class=n>not</div>
<style>:is(div,ul) > p{display:none}</style><div><p>not</div>
<style>p:not(h1 + p){display:none}</style><div><p>not</div>
<style>p:lang(en){display:none}</style><p lang=en>not
<style>p:dir(ltr){display:none}</style><p>not
<style>a:any-link{display:none}</style><a href=x>not</a>
<style>*|p{display:none}</style><p>not
<style>body{display:none}</style><p>not
<style>html{opacity:0}</style><p>not
<style>body{text-decoration:line-through}</style><p>not
<p style="color:oklch(100% 0 0)">not
<p style="color:oklab(1 0 0)">not
<p style="color:lab(100% 0 0)">not
<p style="color:lch(100% 0 0)">not
<p style="color:hwb(0 100% 0%)">not
<p style="color:color(srgb 1 1 1)">not
<p style="color:color-mix(in srgb, white 100%, black)">not
<p style="color:color-mix(in oklab, white, white)">not
<p style="color:light-dark(white,black)">not
<p style="color:rgb(none 255 255 / 0)">not
<p style="color:hsl(0.5turn 0% 100%)">not
<p style="color:tan;background:#d2b48c">not
<p style="background:tomato;color:rgb(255 99 71)">not
<p style="overflow-y:hidden;height:0">not
<p style="overflow:auto;height:0">not
<p style="overflow:clip;max-block-size:0px">not
<p style="position:relative;left:-9999px">not
<p style="position:absolute;inset:-9999px auto auto -9999px">not
<p style="position:absolute;inset-inline-start:-9999px">not
<p style="margin:0 0 0 -9999px">not
<p style="margin-inline-start:-9999px">not
<p style="position:absolute;left:calc(-1 * 9999px)">not
<p style="position:absolute;left:99999px">not
<p style="clip-path:inset(0 100% 0 0)">not
<p style="clip-path:inset(50% 50% 50% 50%)">not
<p style="clip-path:polygon(0 0, 100% 0)">not
<p style="clip-path:ellipse(0 0)">not
<p style="transform:rotateY(90deg)">not
<p style="transform:rotateX(.25turn)">not
<p style="transform:matrix(0,0,0,0,0,0)">not
<p style="transform:scale(.0)">not
<p style="transform:scale(0.001)">not
<p style="scale:0 0">not
<p style="transform:scale3d(1,0,1)">not
<p style="mask:linear-gradient(transparent,transparent)">not
<p style="-webkit-mask-image:linear-gradient(#0000 0 0)">not
<p style="filter:blur(9px) opacity(0%)">not
<p style="filter:blur(20px)">not
<p style="font-size:calc(1px * 0)">not
<p style="font-size:min(0px,10px)">not
<p style="font-size:clamp(0px,0px,1px)">not
<p style="text-decoration:underline line-through red">not
<p style="text-decoration-line:LINE-THROUGH">not
<p style="letter-spacing:-1em">not
<p style="line-height:0;overflow:hidden">not
<p style="text-indent:100%;white-space:nowrap;overflow:hidden">not
<p style="color:#fff;text-shadow:0 0 0 #fff">not
<p style="color:#fff;-webkit-text-stroke:1px #fff">not
<p style="opacity:0;animation:nosuch 1s">not
<div style="opacity:.3"><div style="opacity:.3"><p style="opacity:.3">not
<style>@media (orientation:landscape){p{display:none}}</style><p>not
<style>@media (hover:hover){p{display:none}}</style><p>not
<style>@media (min-height:400px){p{display:none}}</style><p>not
<style>@media (prefers-color-scheme:light){p{display:none}}</style><p>not
<style>@media screen and (color){p{display:none}}</style><p>not
<style>@media (min-aspect-ratio: 4/3) and (not (max-width: 9px)){p{display:none}}</style><p>not
<style>.n{display:none}</style><style type="text/x">.n{display:block!important}</style><p class=n>not
<style title=a>.n{display:none}</style><style title=b>.n{display:block!important}</style><p class=n>not
<style>.n{display:none}</style><textarea hidden><style>.n{display:block!important}</style></textarea><p class=n>not
<textarea>x<style></textarea><style>.n{display:none}</style><p class=n>not
<title><style></title><style>.n{display:none}</style><p class=n>not
<style>.n{display:none}</style><p title="<style>.n{display:block!important}</style>"></p><p class=n>not
<style>.n{display:none}</style><script>var a="<style>.n{display:block!important}</style>"</script><p class=n>not
<style>.n{display:none}</style><script><!--<script></script><style>.n{display:block!important}</style>--></script><p class=n>not
<style>.n{display:none}</style><template><style>.n{display:block!important}</style></template><p class=n>not
<style>.n{display:none}@supports not (display:block){.n{display:block!important}}</style><p class=n>not
<style>.n{display:none}@supports (nonsense:1){.n{display:block!important}}</style><p class=n>not
<style>.n{display:none}@container (width > 9px){.n{display:block!important}}</style><p class=n>not
<style>.n{display:none}@starting-style{.n{display:block!important}}</style><p class=n>not
<style>.n{display:none}.n{display:bogus}</style><p class=n>not
<style>.n{display:none}.n, p:nonsense{display:block!important}</style><p class=n>not
<style>.n{display:none}.n, a|b, >{display:block!important}</style><p class=n>not
<style>.n{color:#fff}.n{color:nonsense-colour}</style><p class=n>not
<style>.n{display:none}.n{display:block !important!}</style><p class=n>not
<style>.n{display:none} @layer a{.n.n.n{display:block}}</style><p class=n>not
<style>@layer a{.n{display:none!important}} .n{display:block!important}</style><p class=n>not
<style>@layer b, a; @layer a{.n{display:none}} @layer b{.n{display:block}}</style><p class=n>not
<style>.n{display:none}"}.n{display:block!important}</style><p class=n>not
<style>.n{display:none} .q{content:"} .n{display:block!important} x{"}</style><p class=n>not
<style>.n{display:none} .q{background:url(data:x;} .n{display:block})}</style><p class=n>not
<style>.n{display:none} .q[title="} .n{display:block!important} x{"]{color:red}</style><p class=n>not
<p style="x:url(a;display:block);display:none">not
<p style="x:'a;display:block';display:none">not
<svg><text visibility=hidden>not</text></svg>
<svg><text display=none>not</text></svg>
<svg><g opacity=0><text>not</text></g></svg>
<svg><text font-size=0>not</text></svg>
<svg><text fill=none>not</text></svg>
<svg><text style="fill:none">not</text></svg>
<svg><g fill-opacity=0><text>not</text></g></svg>
<style>text{fill:transparent}</style><svg><text>not</text></svg>
<svg><text x=-9999>not</text></svg>
<svg><text transform="scale(0)">not</text></svg>
<svg>not</svg>
<svg><g>not</g></svg>
<math><mphantom>not</mphantom></math>
<p style="rotate:y 90deg">not
<p style="rotate:1 0 0 90deg">not
<p style="transform:rotate3d(0,1,0,90deg)">not
<p style="transform:matrix3d(0,0,0,0,0,1,0,0,0,0,1,0,0,0,0,1)">not
<p style="transform:scale(.3) scale(.3)">not
<p style="rotate:y 180deg;backface-visibility:hidden">not
<p style="margin-left:9999px">not
<p style="padding:0 0 0 9999px">not
<p style="text-indent:9999px">not
<p style="translate:9999px">not
<p style="position:absolute;bottom:9999px">not
<p style="position:absolute;right:9999px">not
<p style="display:table-column">not
<p style="content:url(x.png)">not
<p style="font-size-adjust:0">not
<p style="filter:contrast(0)">not
<p style="contain:strict">not
<p style="contain:layout size;overflow:clip">not
<link rel=stylesheet href="data:text/css,p%7Bdisplay:none%7D"><p>not
<link rel=stylesheet href="data:text/css;base64,cHtkaXNwbGF5Om5vbmV9"><p>not
<style>@import url(data:text/css,p{display:none});</style><p>not
<style>@import "data:text/css,p{display:none}" screen;</style><p>not
"""
SEEN = r"""
<p style="backface-visibility:hidden;transform:rotateY(20deg)">not
<p style="backface-visibility:hidden;transform:rotateX(180deg) rotateY(180deg)">not
<p style="zoom:90%;-webkit-text-security:none">not
<style>p::before{content:"\f101"}p::after{content:"»"}</style><p>not
<style>@media print{p::before{content:"do "}}</style><p>not
<style><!-- .n{color:red} --></style><p class=n>not
<p style="color:white;color:var(--x)">not
<p style="--x:none">not
<style>.a{--x:none}</style><p class=a></p><p style="display:var(--x, block)">not
<style>h1+p{display:none}</style><h1>a</h1><div></div><p>not
<style>h1~p{display:none}</style><p>not</p><h1>a</h1>
<style>.a > .b > .c{display:none}</style><div class=a><div class=b><div><p class=c>not
<style>p:first-child{display:none}</style><div><i>x</i><p>not</p></div>
<style>p:nth-child(2n+1){display:none}</style><div><i>x</i><p>not</p></div>
<style>p:nth-child(-n+1){display:none}</style><div><i>x</i><p>not</p></div>
<style>p:last-child{display:none}</style><div><p>not</p><i>x</i></div>
<style>p:only-of-type{display:none}</style><div><p>not</p><p>not</p></div>
<style>a:any-link, b:link{display:none}</style><a>not</a><b href=x>not</b>
<style>p:nth-child(even){display:none}</style><div><p>not</p></div>
<style>.n{display:none} .n, b::-webkit-scrollbar , i::before{display:block}</style><p class=n>not
<style>.n{display:none} .n:is(!, .n, ::before){display:block}</style><p class=n>not
<style>.n{display:none} .n:not(:is(:nope)){display:block}</style><p class=n>not
<style>.a > #b.n{display:none}</style><div class=a><p class=n>not
<style>p:has(.a b){display:none}</style><div class=a><p><b>not</b></p></div>
<style>p{--x:none}</style><p style="--x:;display:var(--x)">not
<style>div{--x:none} p{display:var(--x,block)}</style><div><p style="--x:initial">not</p></div>
<style>@media not (nonsense){p{display:none}}</style><p>not
<style>@media print, (nonsense) and (color){p{display:none}}</style><p>not
<style>.a{&{color:red} .b &{display:none}}</style><p class=a>not
<style>div:has(b) p{display:none}</style><div><i>x</i><p>not</p></div>
<style>p:empty{display:none}</style><p>not</p>
<style>input:checked ~ p{display:none}</style><div><input type=checkbox><p>not</div>
<style>p:lang(nl){display:none}</style><p lang=en>not
<style>a:visited, p:focus, p::first-line{display:none}</style><p>not
<p style="color:oklch(0% 0 0)">not
<p style="color:lab(50% 40 20)">not
<p style="color:color-mix(in srgb, white, black)">not
<p style="color:light-dark(black,white)">not
<p style="color:tan">not
<p style="height:0">not
<p style="overflow:hidden;height:auto">not
<p style="position:relative;left:-9px">not
<p style="margin:0 0 0 -9px">not
<p style="left:calc(1px * 2);position:absolute">not
<p style="clip-path:inset(0 10% 0 0)">not
<p style="clip-path:circle(100%)">not
<p style="transform:rotate(90deg) scale(-1)">not
<p style="rotate:z 90deg;scale:-1 -1;offset-path:none">not
<p style="transform:rotate3d(0,0,1,90deg)">not
<p style="padding:0 9px 0 900px;font-size-adjust:.5;contain:content">not
<p style="content:normal;mask-size:0;clip-path:none">not
<style>p::first-line{color:#400}p::first-letter{font-size:300%;color:red}</style><p>not
<style>p::after{content:"";position:absolute;inset:0;background:rgba(0,0,0,.1)}</style><p>not
<main style="position:absolute;inset:0;background:#fff"><p>not</main>
<div style="position:fixed;inset:0;background:#fff;z-index:-1"></div><p>not
<div style="position:fixed;inset:auto 0 0;height:30px;background:#fff"></div><p>not
<p style="height:20px;overflow:hidden">not
<p style="height:40px;overflow:hidden">it<br>not
<p style="height:20px;overflow:auto">it<br>is<br>not
<div style="height:100vh;overflow:hidden"><div style="overflow-y:auto"><p>a<p>b<p>c<p>d<p>e<p>f<p>g<p>h<p>i<p>j<p>k<p>l<p>m<p>n<p>o<p>p<p>q<p>r<p>s<p>t<p>u<p>v<p>w<p>x<p>y<p>z<p>a<p>b<p>c<p>d<p>e<p>f<p>g<p>not</div></div>
<p style="white-space:nowrap;overflow:hidden;text-overflow:ellipsis">it is not
<p style="display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:3;overflow:hidden">it<br>is<br>not
<div style="overflow:hidden;height:90px"><p style="margin-top:20px">not</div>
<div style="display:grid"><h1 style="grid-column:1/-1">not</h1><i style="grid-row:span 2">a</i></div>
<div style="display:grid;grid-auto-flow:column"><i style="grid-column:2">it</i><i>not</i></div>
<p>it <i style="position:relative;top:-.3em">not</i>
<p>it <i style="transform:translateX(-200px)">not</i>
<p>it <i style="margin-left:-2px;word-spacing:-1px">not</i>
<p dir=rtl><span style="display:inline-block">لا</span> <span style="display:inline-block">نعم</span> not
<p dir=rtl><span style="display:inline-block">not</span>
<svg><text fill="none" stroke="black">not</text></svg>
<svg><text transform="translate(90 9)" x=300 y=40>it <tspan>not</tspan></text></svg>
<p style="transform:scale(.5) translate(-50%, -50%)">not
<p style="filter:blur(1px) grayscale(1)">not
<p style="mask:linear-gradient(black,transparent)">not
<p style="opacity:.5"><b style="opacity:.5">not
<p style="text-decoration:underline">not
<p style="letter-spacing:-.05em">not
<p style="line-height:0">not
<style>@keyframes in{to{opacity:1}} p{opacity:0;animation:1s ease in forwards}</style><p>not
<style>@media (orientation:portrait), (hover:none), (max-height:400px), (prefers-color-scheme:dark), (nonsense){p{display:none}}</style><p>not
<style>@media not all and (color){p{display:none}}</style><p>not
<style>@supports (display:bogus){p{display:none}}</style><p>not
<style>.n{display:none} .n{display:block}</style><p class=n>not
<style>@layer a{.n{display:none}} .n{display:block}</style><p class=n>not
<style>.n{display:block!important}</style><p class=n style="display:none">not
<style>.n{display:none}</style><p class=n style="display:block">not
<style>p{all:unset;display:none;all:initial}</style><p>not
<style type="text/x">p{display:none}</style><p>not
<style title=a>b{color:red}</style><style title=b>p{display:none}</style><p>not
<script>"<style>p{display:none}</style>"</script><p>not
<template><style>p{display:none}</style></template><p>not
<textarea><!--</textarea>not<!---->
<style>.q{content:"}p{display:none}"}</style><p>not
<style>/* } p{display:none} /* */ b{color:red}</style><p>not
<style>.q{background:url(x;}p{display:none})}</style><p>not
<p style="display:none;display:block">not
<p style="text-decoration:none">not
<style>@keyframes h{from{opacity:0}to{opacity:1}} p{animation:h 1s}</style><p>not
<style>@keyframes h{from{transform:translateY(-9999px);opacity:0}} p{animation:h .5s ease-out}</style><p>not
<style>@keyframes h{to{transform:none;opacity:1}} p{transform:translateX(-9999px);opacity:0;animation:h 1s both}</style><p>not
<style>@keyframes h{to{opacity:0}} b{animation:h 1s both}</style><p>not
<div style="display:flex;flex-direction:column"><p style="order:0">it <b>not</b></p></div>
<main style="display:grid"><article style="order:2"><p>it may <b>not</b></article></main>
<p><span style="float:left">N</span><b>not</b>
<h2>not <span style="float:right">edit</span></h2><p>a
<svg><text y=20 opacity=.9>not</text></svg>
"""
UNCLEAR = r"""
<p style="position:absolute;color:#fff">not
<p style="offset-path:path('M -9999 0')">not
<p style="offset:ray(0deg) 9999px">not
<p style="clip-path:path('M0 0')">not
<p style="clip-path:url(#c)">not
<p style="filter:url(#f)">not
<p style="mask:url(x.svg)">not
<p style="mask-image:linear-gradient(#000,#000);mask-size:0 0">not
<svg><text clip-path="url(#c)">not</text></svg>
<svg><g mask="url(#m)"><text>not</text></g></svg>
<p style="display:if(media(print): block; else: none)">not
<p x=none style="display:attr(x type(<custom-ident>))">not
<style>p{visibility:--hide()}</style><p>not
<style>p::after{content:attr(title)}</style><p title=never>not
<style>p::first-line{color:#fff}</style><p>not
<style>p::first-letter{font-size:0}</style><p>not
<style>p::first-line{text-decoration:line-through}</style><p>not
<style>p::after{content:"";position:absolute;inset:0;background:#fff}</style><p>not
<div style="position:relative">not<b style="position:absolute;inset:0;background:white"></b></div>
<p>not<div style="position:fixed;top:0;left:0;width:100vw;height:100vh;background:navy"></div>
<p style="height:1.2em;overflow:hidden">it<br>is<br>not
<p style="max-height:16px;overflow:hidden">it<br>not
<p style="width:1em;overflow:hidden;white-space:nowrap">it is such and not
<p style="display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:1;overflow:hidden">it<br>not
<div style="overflow:hidden;height:20px"><p style="margin-top:40px">not</div>
<div style="overflow:hidden;position:relative"><p style="position:absolute;left:100%">not</div>
<div style="overflow:clip;height:30px"><p style="transform:translateY(100%)">not</div>
<p style="color:#fff;background:url(x)">not
<p style="color:#fff;z-index:1">not
<p style="color:#fff;filter:grayscale(1)">not
<svg><text fill=white>not</text></svg>
<style>p:nonsense{display:none}</style><p>not
<style>p:nonsense{visibility:hidden}</style><p>not
<style>p:nonsense{font-size:1px}</style><p>not
<style>p:nonsense{display:none}</style><style>b{color:red}</style><p>not
<style>p:nth-child(2 of .a){opacity:0}</style><p>not
<p style="color:rgb(from white r g b)">not
<style>p::before{content:"do "}</style><p>not
<style>@keyframes h{to{opacity:0}} p{animation:h 0s forwards}</style><p>not
<style>@keyframes h{50%{opacity:1}from,100%{visibility:hidden}} b{animation:1s h infinite}</style><p><b>not</b>
<style>@keyframes h{to{font-size:0}} p{animation-name:x, h}</style><p>a <i>not</i>
<style>@-webkit-keyframes h{to{transform:scale(0)}} p{-webkit-animation:h 1s}</style><p>not
<style>@keyframes h{to{color:white}} p{animation:h 1s both}</style><p>not
<style>@keyframes h{to{left:-9999px}} p{position:relative;animation:h 1s both}</style><p>not
<style>@keyframes h{from{opacity:0}} p{animation:h 9999s}</style><p>not
<style>@keyframes h{from{display:none}} p{animation:h 1s paused}</style><p>not
<style>@keyframes h{from{opacity:1}to{opacity:0}} p{opacity:0;animation:h 1s}</style><p>not
<style>b, P:AFTER { Content : 'n\\6f' }</style><p>not
<style>@media screen { p::before { content: counter(c) "x" } }</style><p>not
"""


def pages(lines: str) -> list[str]:
    return lines.strip().splitlines()


@pytest.mark.parametrize("page", pages(UNSEEN))
def test_what_styles_hide_is_not_said(page):
    text, notes = page_text(page)
    assert "not" not in text and notes & {"hidden", "struck-out"}


@pytest.mark.parametrize("page", pages(SEEN))
def test_what_styles_leave_in_sight_is_said(page):
    text, notes = page_text(page)
    assert "not" in text and not notes & {"struck-out", "unclear", "turned"}


@pytest.mark.parametrize("page", pages(UNCLEAR))
def test_what_may_be_hidden_is_said_to_be_unclear(page):
    text, notes = page_text(page)
    assert "not" in text and notes == {"unclear"}


def test_words_that_a_style_puts_elsewhere_are_noticed():
    rows = """
<p style="display:flex"><i>it</i> <i style="order:2">not</i> <i>is</i>
<p style="display:inline-grid"><i style="order:-1"><b>not</b></i> <i>is</i>
<p style="display:flex;flex-direction:row-reverse"><i>is</i> <i>it</i>
<p style="display:flex;flex-flow:wrap row-reverse">is <i>it</i>
<p style="display:flex;flex-wrap:wrap-reverse"><i>is</i> <i>it</i>
<style>div{display:-webkit-flex;-webkit-flex-direction:column-reverse}</style><div><p>is</p><p>it</p></div>
<p style="display:grid"><i>is</i><i style="grid-row:1">not</i>
<p style="display:grid;grid-template-areas:'b a'"><i style="grid-area:a">is</i><i style="grid-area:b">it</i>
<p style="display:grid;grid-auto-flow:dense"><i style="grid-column:2">is</i><i style="grid-column:1">it</i>
<p style="display:-webkit-box;-webkit-box-direction:reverse"><i>is</i><i>it</i>
<p>is <i style="position:absolute;left:0">it</i> so
<p><i style="position:absolute;right:0">not</i> is it
<p>it is <i style="position:relative;left:-9em">not</i>
<p>it is <i style="margin-left:-200px">not</i>
<p>it <i style="margin-right:-200px">is</i> not
<p>it is <i style="display:inline-block;transform:translateX(-200px)">not</i>
<p>it is <i style="display:inline-block;translate:0 -2em">not</i>
<p>it is <i style="display:table-header-group">not</i>
<p style="word-spacing:-10em">it is not
<p style="display:flex;direction:rtl"><i>is</i><i>it</i>
<p dir=rtl><b style="display:inline-block">is</b> <b style="display:inline-block">it</b>
<table dir=rtl><tr><td>is<td>it</table>
<p>it <i style="float:inline-start">not</i> is
<p>it <i style="float:inline-end">not</i> is
<p style="transform:scaleX(-1)">not
<p style="scale:-1 1">not
<p style="rotate:y 180deg">not
<p style="transform:matrix(-1,0,0,1,0,0)">not
<p>it <i style="float:left">not</i> is
<p>it <i style="float:right"><b>not</b></i> is
"""
    for page in pages(rows):
        assert page_text(page)[1] == {"turned"}, page


@pytest.mark.parametrize("page", ["<bdo dir=rtl>not</bdo>", "<p style='unicode-bidi:bidi-override;direction:rtl'>not", "<style>.n{unicode-bidi:isolate-override}</style><p class=n dir=rtl>not"])
def test_letters_that_are_turned_round_are_noticed(page):
    assert page_text(page)[1] == {"turned"}
    assert page_text(page.replace("rtl", "ltr"))[1] == frozenset() and page_text(f"{page}</bdo></p>".replace("not", " "))[1] == frozenset()
    assert letters_turned("12\u202e34\u202c") and not letters_turned("\u202e\u05d0\u05d1\u202c 12") and not letters_turned("a\u200fb")


def test_colours_are_those_of_browsers():
    same = {
        "oklch(62.796% 0.25768 29.23388)": (255, 0, 0), "oklab(0.5198 -0.1403 0.1077)": (0, 128, 0), "lab(54.2917 80.8125 69.8851)": (255, 0, 0),
        "lch(29.5683% 131.201 301.364)": (0, 0, 255), "hwb(120 0% 49.8%)": (0, 128, 0), "hsl(120 100% 25.1%)": (0, 128, 0), "color(srgb 1 0 0)": (255, 0, 0),
        "color(srgb-linear 0.2159 0 0)": (128, 0, 0), "rebeccapurple": (102, 51, 153), "hsl(240deg, 100%, 50%)": (0, 0, 255), "hsl(-120, 100%, 50%)": (0, 0, 255),
    }  # fmt: skip
    for text, (red, green, blue) in same.items():
        colour, cover = read_colour(text)
        assert isinstance(colour, tuple) and cover == 1 and all(abs(a - b) <= 1 for a, b in zip(colour, (red, green, blue), strict=True)), (text, colour)
    assert read_colour("light-dark(white, oklch(0% 0 0))") == (WHITE, 1.0) and read_colour("color-mix(in srgb, red)")[0] is None


@spread(
    "sheet",
    [
        "p{}" * 60_000, ":root{" + "".join(f"--a{k}:var(--a{k + 1})var(--a{k + 1});" for k in range(60)) + "--a60:x}p{color:var(--a0)}", "p{--a:var(--b);--b:var(--a);color:var(--a)}",
        "p:not(" * 500, "p:is(" * 40_000, "@media (" * 20_000, "p{width:calc(" + "(" * 5_000, "p{width:calc(" + "1px+" * 5_000, "a{" * 20_000, "p ~ " * 40 + "p{display:none}", "* " * 45 + "b{display:none}",
        "p:has(~ p ~ p ~ p){display:none}", '"' * 50_000, "'\\" * 30_000, "/*" * 50_000, "url(" * 20_000, "\\" * 60_000, "@layer " + ",".join(map(str, range(20_000))) + ";", "@supports " + "not " * 20_000 + "(a:b){}",
        "p{background:" + "rgb(" * 10_000, "p{color:color-mix(in srgb," * 2_000, "p{transform:" + "a(" * 5_000, "p{clip-path:polygon(" + "0 0," * 5_000,
    ],
    ids=lambda sheet: sheet[:18],
    first=2,
)  # fmt: skip
def test_no_style_sheet_takes_long(sheet):
    began = time.process_time()
    try:
        assert "x" in page_text(f"<style>{sheet}</style><div>" + "<p class=a>x</p>" * 1_500)[0] or "~ p" in sheet
    except EvidenceError as error:
        assert error.code == "evidence/too-large"
    assert time.process_time() - began < 10  # 1 on a quiet machine


def test_pages_as_word_saves_them_hide_what_they_hide():
    page = """<html><head><style><!--
 /* Font Definitions */ @font-face {font-family:"Cambria Math"; panose-1:2 4 5 3 5 4 6 3 2 4;}
 p.MsoNormal {margin:0in; font-size:11.0pt;} span.Gone {display:none;} span.Struck {text-decoration:line-through;}
--></style></head><body lang=EN><p class=MsoNormal>They shall <span class=Gone>never</span><span class=Struck>sometimes</span> attack.</p></body></html>"""
    text, notes = page_text(page)
    assert re.sub(r"\s+", " ", text).strip() == "They shall attack." and notes == {"hidden", "struck-out"}
