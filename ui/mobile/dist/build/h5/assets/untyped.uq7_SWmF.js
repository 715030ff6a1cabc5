import{j as o}from"./index-BQaN7wha.js";const s=o;export{s as u};
